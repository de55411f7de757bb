using System.CommandLine;
using System.Text;
using Onnx.Llama.Cli.Verbs;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>The <c>onnx-llama</c> tool: its verbs, and what all of them share.</summary>
internal static class Tool
{
    /// <summary>Runs a command line and returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // Without a byte-order mark: what is piped into another program is the text and nothing else.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using Interrupts interrupts = new();
        RootCommand root = new("Converts Llama-family checkpoints to ONNX and runs them on ONNX Runtime.")
        {
            CommonOptions.Verbose,
            ConvertVerb.Create(interrupts),
            RunVerb.Create(interrupts),
            InspectVerb.Create(),
            EmbedVerb.Create(interrupts),
            ClassifyVerb.Create(interrupts),
            VerifyVerb.Create(interrupts),
            BenchVerb.Create(interrupts),
            TokenizeVerb.Create(),
            TemplateVerb.Create(),
            CacheVerb.Create(interrupts),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync(Configuration()).ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(Configuration(), interrupts.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            return ErrorReport.Write(fault, parsed.GetValue(CommonOptions.Verbose));
        }
    }

    /// <summary>Interrupts and exceptions are handled here, not by the parser.</summary>
    private static InvocationConfiguration Configuration() => new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
}
