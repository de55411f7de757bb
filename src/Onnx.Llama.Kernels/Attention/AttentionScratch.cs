namespace Onnx.Llama.Kernels.Attention;

/// <summary>A task's memory on its stack, of fixed size: a row for each query of the tile, heads of a position next to each other.</summary>
internal readonly unsafe struct AttentionScratch
{
    /// <summary>Floats of a row of sums: the widest register.</summary>
    public const int SumStride = 16;

    private const int Alignment = 64;

    /// <summary>Divides memory of <see cref="AttentionPlan.ScratchFloats"/> floats and <see cref="Alignment"/> bytes.</summary>
    public AttentionScratch(float* memory, int rows, int headSize)
    {
        Stride = AttentionPlan.Padded(headSize);
        Queries = (float*)(((nuint)memory + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        Outputs = Queries + (rows * Stride);
        Scores = Outputs + (rows * Stride);
        Sums = Scores + (rows * KvBlocks.KeyBlock);
        Largest = Sums + (rows * SumStride);
        Rescale = Largest + rows;
    }

    /// <summary>Floats from a query or an output to the next.</summary>
    public int Stride { get; }

    /// <summary>[rows, Stride]: turned, scaled, zeros behind.</summary>
    public float* Queries { get; }

    /// <summary>[rows, Stride]: weighted sums of values so far.</summary>
    public float* Outputs { get; }

    /// <summary>[rows, KeyBlock]: scores of a block's keys, then their weights.</summary>
    public float* Scores { get; }

    /// <summary>[rows, SumStride]: sums of weights so far, lane by lane.</summary>
    public float* Sums { get; }

    /// <summary>[rows]: the largest score so far.</summary>
    public float* Largest { get; }

    /// <summary>[rows]: what the sums so far are multiplied with when a block is added.</summary>
    public float* Rescale { get; }
}
