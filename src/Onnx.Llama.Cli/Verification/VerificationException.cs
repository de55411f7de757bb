namespace Onnx.Llama.Cli.Verification;

/// <summary>A reference file cannot be compared with a model.</summary>
internal sealed class VerificationException(string file, string message) : Exception($"{file}: {message}");
