namespace Onnx.Llama.Cli.CommandLine;

/// <summary>A file or folder that the user gave cannot be used.</summary>
internal sealed class InputException(string path, string message) : Exception($"{path}: {message}");
