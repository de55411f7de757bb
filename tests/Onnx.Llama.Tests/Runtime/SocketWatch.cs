using System.Diagnostics;
using System.Globalization;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Tests.Runtime;

/// <summary>Runs the telemetry probe under strace and tells whether, and how soon, it opens a socket to the network.</summary>
internal sealed class SocketWatch : IDisposable
{
    /// <summary>Where ONNX Runtime finds one of these it takes the machine for a build server and is silent of itself.</summary>
    private static readonly string[] s_buildServers =
    [
        "CI", "TF_BUILD", "GITHUB_ACTIONS", "JENKINS_URL", "CODEBUILD_BUILD_ID", "BUILD_ID", "BUILD_BUILDID", "BUILDKITE", "CIRCLECI", "TRAVIS", "APPVEYOR",
        "GITLAB_CI", "TEAMCITY_VERSION", "BITBUCKET_BUILD_NUMBER", "ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED",
    ];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Skips the running test where strace cannot work.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs strace, which is Linux's");
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("strace", ["-qq", "-e", "trace=none", "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, "strace may not trace here: " + process.StandardError.ReadToEnd().Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("strace is not installed");
        }
    }

    /// <summary>Runs the probe, at most so long, and ends it early at its first socket of the internet families.</summary>
    /// <param name="mode">host or control.</param>
    /// <param name="model">The probe's model.</param>
    /// <param name="patience">How long it waits after its work.</param>
    /// <returns>The time from the start to that socket; null if it opened none.</returns>
    public TimeSpan? Run(string mode, string model, TimeSpan patience)
    {
        string log = _folder[mode + ".log"];
        using Process process = Start(log, mode, model, patience);
        Stopwatch watch = Stopwatch.StartNew();
        while (!process.WaitForExit(100))
        {
            if (!HasSocket(log)) continue;
            TimeSpan elapsed = watch.Elapsed;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return elapsed;
        }

        Assert.Equal(0, process.ExitCode);
        return HasSocket(log) ? watch.Elapsed : null;
    }

    public void Dispose() => _folder.Dispose();

    private Process Start(string log, string mode, string model, TimeSpan patience)
    {
        string probe = Path.Combine(AppContext.BaseDirectory, "Onnx.Llama.TelemetryProbe.dll");
        string seconds = patience.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        ProcessStartInfo start = new("strace", ["-f", "-qq", "-e", "trace=socket", "-o", log, "dotnet", probe, mode, model, seconds])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in s_buildServers) start.Environment.Remove(name);
        start.Environment["HOME"] = Directory.CreateDirectory(_folder[mode]).FullName;
        return Process.Start(start)!;
    }

    private static bool HasSocket(string log)
    {
        if (!File.Exists(log)) return false;
        using StreamReader reader = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains("socket(AF_INET", StringComparison.Ordinal);
    }
}
