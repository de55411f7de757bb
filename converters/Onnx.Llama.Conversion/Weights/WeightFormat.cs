using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>How the weights of a matrix are stored.</summary>
public abstract record WeightFormat
{
    private WeightFormat()
    {
    }

    /// <summary>float32, 4 bytes a weight.</summary>
    public sealed record Float32 : WeightFormat;

    /// <summary>Blocks of a few bits a weight with a float32 scale a block, symmetric about zero.</summary>
    /// <param name="Format">Bits and block size.</param>
    public sealed record Blocks(BlockFormat Format) : WeightFormat;
}
