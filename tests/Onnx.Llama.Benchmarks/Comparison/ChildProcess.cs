using System.Diagnostics;
using System.Globalization;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>What a child process printed and used.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="OtherCores">Cores that neither it nor this process took while it lived; 0 where it was not watched.</param>
/// <param name="PeakResidentBytes">Its greatest resident memory; 0 where it was not watched.</param>
/// <param name="PeakAnonymousBytes">The greatest part of that which is no file's; 0 where it was not watched.</param>
internal sealed record ChildResult(string Output, double OtherCores, long PeakResidentBytes, long PeakAnonymousBytes);

/// <summary>Runs a process to its end.</summary>
internal static class ChildProcess
{
    private const double TicksPerSecond = 100;

    /// <summary>Starts a program and waits for it.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="watch">Whether to look at its memory and CPU time a hundred times a second: for loads, where nothing lasts.</param>
    /// <exception cref="ChildProcessException">It failed; the message has the end of what it said, stacks left out.</exception>
    public static ChildResult Run(ProcessStartInfo command, bool watch)
    {
        command.RedirectStandardOutput = command.RedirectStandardError = true;
        Disturbance disturbance = new();
        using Process process = Process.Start(command)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        (double cpu, long resident, long anonymous) = (0, 0, 0);
        while (watch && !process.WaitForExit(10))
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}");
            try
            {
                cpu = Math.Max(cpu, CpuSeconds(folder));
                string[] status = File.ReadAllLines($"{folder}/status");
                resident = Math.Max(resident, Bytes(status, "VmHWM:"));
                anonymous = Math.Max(anonymous, Bytes(status, "RssAnon:"));
            }
            catch (IOException)
            {
                // It ended between the question and the answer.
            }
        }

        process.WaitForExit();
        double others = watch ? disturbance.OtherCores(cpu) : 0;
        return process.ExitCode == 0
            ? new ChildResult(output.Result, others, resident, anonymous)
            : throw new ChildProcessException(
                $"{command.FileName} {string.Join(' ', command.ArgumentList)}: exit code {process.ExitCode}: {Tail(error.Result + output.Result)}");
    }

    private static double CpuSeconds(string folder)
    {
        // The fields after the command's name, which is in parentheses: user and system time of it and of children that ended are the 12th to 15th.
        string stat = File.ReadAllText($"{folder}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static long Bytes(string[] status, string key)
    {
        string? line = status.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private static string Tail(string text)
    {
        IEnumerable<string> lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', lines.Where(line => !line.StartsWith("at ", StringComparison.Ordinal)).TakeLast(4));
    }
}

/// <summary>A process that was started failed.</summary>
internal sealed class ChildProcessException(string message) : Exception(message);
