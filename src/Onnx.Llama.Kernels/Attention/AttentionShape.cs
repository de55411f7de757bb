namespace Onnx.Llama.Kernels.Attention;

/// <summary>Sizes of a call.</summary>
/// <param name="Rows">Sequences.</param>
/// <param name="Tokens">New tokens of each row, padding included.</param>
/// <param name="Heads">Query heads, a multiple of <paramref name="KvHeads"/>.</param>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="HeadSize">Floats of a head: a multiple of 4, at most <see cref="MaxHeadSize"/>.</param>
internal readonly record struct AttentionShape(int Rows, int Tokens, int Heads, int KvHeads, int HeadSize)
{
    /// <summary>The largest head whose smallest tile fits the scratch memory.</summary>
    public const int MaxHeadSize = 1024;

    /// <summary>Query heads that share a head of keys and values.</summary>
    public int Group => Heads / KvHeads;
}
