namespace Onnx.Llama.Quantization;

/// <summary>What a block has beside its codes.</summary>
/// <param name="Scale">The scale; 0 for a block of zeros.</param>
/// <param name="ZeroPoint">The code of weight 0.</param>
internal readonly record struct EncodedBlock(float Scale, int ZeroPoint);
