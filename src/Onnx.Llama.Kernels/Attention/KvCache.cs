namespace Onnx.Llama.Kernels.Attention;

/// <summary>Keys or values of all rows and heads, float32.</summary>
internal unsafe struct KvCache
{
    /// <summary>The first head's first block of the first row.</summary>
    public float* Base;

    /// <summary>Floats from a row to the next; 0 where every row's table points into the same pages.</summary>
    public long RowStride;

    /// <summary>Floats from a head to the next.</summary>
    public long HeadStride;

    /// <summary>Floats from a block of <see cref="KvBlocks.KeyBlock"/> tokens to the next.</summary>
    public long BlockStride;

    /// <summary>int32 [rows, <see cref="TableStride"/>]: the block that holds each KeyBlock tokens; null where blocks are in order.</summary>
    public int* Tables;

    /// <summary>Entries of a row's table.</summary>
    public long TableStride;

    /// <summary>A cache [rows, kvHeads, capacity, headSize].</summary>
    public static KvCache Contiguous(float* cache, int kvHeads, long capacity, int headSize) => new()
    {
        Base = cache,
        RowStride = kvHeads * capacity * headSize,
        HeadStride = capacity * headSize,
        BlockStride = (long)KvBlocks.KeyBlock * headSize,
    };

    /// <summary>Pages [pages, kvHeads, KeyBlock, headSize], and which of them each row has: tables int32 [rows, tableStride].</summary>
    public static KvCache Paged(float* pages, int kvHeads, int headSize, int* tables, long tableStride) => new()
    {
        Base = pages,
        HeadStride = (long)KvBlocks.KeyBlock * headSize,
        BlockStride = (long)kvHeads * KvBlocks.KeyBlock * headSize,
        Tables = tables,
        TableStride = tableStride,
    };

    /// <summary>One row's and head's part.</summary>
    public readonly KvBlocks Of(int row, int head) => new()
    {
        Base = Base + (row * RowStride) + (head * HeadStride),
        BlockStride = BlockStride,
        Table = Tables == null ? null : Tables + (row * TableStride),
    };
}
