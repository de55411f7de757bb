using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>How the weights of a matrix are stored.</summary>
public abstract record WeightFormat
{
    private WeightFormat()
    {
    }

    /// <summary>One floating-point number a weight.</summary>
    /// <param name="Type">float32, float16 or bfloat16.</param>
    public sealed record Floats(ElementType Type) : WeightFormat;

    /// <summary>Blocks of a few bits a weight with a scale a block, symmetric about zero.</summary>
    /// <param name="Format">Bits and block size.</param>
    public sealed record Blocks(BlockFormat Format) : WeightFormat;
}
