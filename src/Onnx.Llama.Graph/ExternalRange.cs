namespace Onnx.Llama.Graph;

/// <summary>Bytes of an initializer in an external data file.</summary>
/// <param name="Offset">Where they begin, in bytes.</param>
/// <param name="Length">How many.</param>
public readonly record struct ExternalRange(long Offset, long Length);
