using Onnx.Llama.Checkpoints;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Conversion;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels;
using Onnx.Llama.Manifest;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>Turns an exception into a message on standard error and an exit code.</summary>
internal static class ErrorReport
{
    public static int Write(Exception fault, bool verbose)
    {
        if (fault is OperationCanceledException) return ExitCodes.Interrupted;
        Console.Error.WriteLine(IsExpected(fault) ? $"error: {fault.Message}" : $"unexpected error: {fault.GetType().Name}: {fault.Message}");
        if (verbose) Console.Error.WriteLine(fault);
        else if (!IsExpected(fault)) Console.Error.WriteLine("Run again with --verbose to see where, and please report it.");
        return fault is UsageException ? ExitCodes.Usage : ExitCodes.Failed;
    }

    private static bool IsExpected(Exception fault) => fault
        is CheckpointException or ConversionException or GraphException or KernelException or ManifestException or ModelException
        or TemplateException or TokenizerException or VerificationException or InputException or UsageException;
}
