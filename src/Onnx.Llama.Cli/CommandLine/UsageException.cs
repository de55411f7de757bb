namespace Onnx.Llama.Cli.CommandLine;

/// <summary>Options that make no sense together or for this model; the exit code is that of wrong usage.</summary>
internal sealed class UsageException(string message) : Exception(message);
