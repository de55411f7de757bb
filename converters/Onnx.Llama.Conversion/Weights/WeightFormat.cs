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

    /// <summary>Blocks of a few bits a weight with a scale, and a zero point or none, a block.</summary>
    /// <param name="Format">Bits, the greatest block size, and whether zero points are stored.</param>
    public sealed record Blocks(BlockFormat Format) : WeightFormat
    {
        /// <summary>Rows that are no multiple of it get a last block that is padded.</summary>
        internal const int LeastBlock = 32;

        /// <summary>
        /// The format of matrices with rows of these lengths: the greatest block, from <see cref="Format"/>'s down to 32, that all of them are a multiple of,
        /// since padding would be stored and multiplied, and DirectML takes whole blocks only; 32 where there is none.
        /// </summary>
        /// <param name="columns">Lengths of rows.</param>
        public BlockFormat Fitting(params ReadOnlySpan<int> columns)
        {
            int size = Format.BlockSize;
            while (size > LeastBlock && !AreMultiples(columns, size)) size /= 2;
            return new BlockFormat(Format.Bits, size, Format.IsSymmetric);
        }

        private static bool AreMultiples(ReadOnlySpan<int> columns, int size)
        {
            foreach (int length in columns)
            {
                if (length % size != 0) return false;
            }

            return true;
        }
    }
}
