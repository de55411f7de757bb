using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>A stored matrix [outputs, inputs].</summary>
/// <param name="Name">Its initializer: numbers, or codes of blocks.</param>
/// <param name="Type">The numbers' type, or the scales'.</param>
/// <param name="Scales">The initializer of the blocks' scales; empty where it has none.</param>
/// <param name="ZeroPoints">The initializer of the blocks' zero points; empty where they are implied.</param>
/// <param name="Blocks">Where its blocks stand; null where it has none.</param>
internal sealed record Matrix(string Name, ElementType Type, string Scales = "", string ZeroPoints = "", StoredBlocks? Blocks = null);
