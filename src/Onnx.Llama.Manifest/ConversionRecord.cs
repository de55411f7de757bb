namespace Onnx.Llama.Manifest;

/// <summary>The options of a conversion that decide its bytes.</summary>
/// <param name="Precision">As <c>--precision</c> spells it.</param>
/// <param name="Block">Weights that share a scale, as <c>--block</c> says it; null for the default, or where weights have no blocks.</param>
public sealed record ConversionRecord(string Precision, int? Block = null);
