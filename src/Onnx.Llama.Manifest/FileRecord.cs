namespace Onnx.Llama.Manifest;

/// <summary>A file of the converted folder.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of its content, lower-case hexadecimal.</param>
public sealed record FileRecord(string Name, long Size, string Sha256);
