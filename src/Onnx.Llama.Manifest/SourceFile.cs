namespace Onnx.Llama.Manifest;

/// <summary>A file of the checkpoint. Of weight files only the header is hashed: the whole content would have to be read twice.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the whole file, for small files.</param>
/// <param name="HeaderSha256">Hash of the header, for weight files.</param>
public sealed record SourceFile(string Name, long Size, string? Sha256 = null, string? HeaderSha256 = null);
