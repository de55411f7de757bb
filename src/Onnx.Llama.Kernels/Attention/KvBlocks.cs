using System.Runtime.CompilerServices;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>The keys (or values) of one row and head, as blocks of <see cref="KeyBlock"/> tokens: one after the other, or where a table says.</summary>
internal unsafe struct KvBlocks
{
    /// <summary>Tokens in a block.</summary>
    public const int KeyBlock = 32;

    /// <summary>The first block: float32 [KeyBlock, headSize].</summary>
    public float* Base;

    /// <summary>Floats from a block to the next.</summary>
    public long BlockStride;

    /// <summary>Which block holds the tokens from KeyBlock * index on, or null where the blocks are in order.</summary>
    public int* Table;

    /// <summary>Address of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float* Block(int index) => Base + ((Table == null ? index : Table[index]) * BlockStride);

    /// <summary>Address of a token's vector.</summary>
    public readonly float* Token(int index, int headSize) => Block(index / KeyBlock) + ((long)(index % KeyBlock) * headSize);
}
