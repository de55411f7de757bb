namespace Onnx.Llama.Manifest;

/// <summary>Where the weights came from.</summary>
/// <param name="Files">The checkpoint's files.</param>
/// <param name="Revision">The checkpoint's revision, if its folder tells.</param>
public sealed record ModelSource(IReadOnlyList<SourceFile> Files, string? Revision = null);
