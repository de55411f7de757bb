namespace Onnx.Llama.Conversion;

/// <summary>A finished conversion.</summary>
/// <param name="Folder">The model folder, a full path.</param>
/// <param name="Bytes">Size of all its files.</param>
/// <param name="Files">Their names.</param>
public sealed record ConversionResult(string Folder, long Bytes, IReadOnlyList<string> Files);
