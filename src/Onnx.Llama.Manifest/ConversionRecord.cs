namespace Onnx.Llama.Manifest;

/// <summary>The options of a conversion that decide its bytes.</summary>
/// <param name="Precision">As <c>--precision</c> spells it.</param>
public sealed record ConversionRecord(string Precision);
