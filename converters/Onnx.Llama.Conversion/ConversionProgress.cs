namespace Onnx.Llama.Conversion;

/// <summary>How far a conversion is.</summary>
/// <param name="Done">Bytes of weights written.</param>
/// <param name="Total">Bytes of weights in all.</param>
public readonly record struct ConversionProgress(long Done, long Total);
