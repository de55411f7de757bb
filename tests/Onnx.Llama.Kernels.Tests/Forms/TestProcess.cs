using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Forms;

/// <summary>Runs tests of this project in a process of their own: its program is a runner of its tests.</summary>
internal static partial class TestProcess
{
    /// <param name="form">The form that is forced; null for the one that runs here.</param>
    /// <param name="filters">Which tests.</param>
    public static async Task<(int ExitCode, string Output)> Run(string? form, params string[] filters)
    {
        ProcessStartInfo start = new("dotnet", [typeof(TestProcess).Assembly.Location, "-noColor", .. filters]) { RedirectStandardOutput = true };
        if (form is not null) start.Environment[Processor.Variable] = form;
        using Process process = Process.Start(start)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>How many tests ran.</summary>
    public static int Tests(string output) => int.Parse(Total().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Total();
}
