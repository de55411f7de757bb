using System.Diagnostics;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary>A finished run of the tool as a user runs it: a process of its own.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    private static readonly string s_tool = Path.Combine(AppContext.BaseDirectory, "onnx-llama.dll");

    public static Task<ToolRun> OfAsync(params string[] arguments) => OfAsync(StartInfo(arguments));

    public static async Task<ToolRun> OfAsync(ProcessStartInfo info)
    {
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return await FinishAsync(process).ConfigureAwait(false);
    }

    /// <summary>Waits for the end of a run that was started elsewhere.</summary>
    public static async Task<ToolRun> FinishAsync(Process process)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return new ToolRun(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    public static ProcessStartInfo StartInfo(params string[] arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [s_tool, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
