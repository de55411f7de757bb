namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Where the dimensions of a head lie in the graph. GroupQueryAttention with rotation inside takes heads of a multiple of 16, and rotates
/// dimension i with i + width / 2; other heads are padded with zeros to the next multiple of 16 and their rotated pairs (i, i + headDim / 2)
/// moved to (i, i + width / 2). Scores are sums of products, so moved and zero dimensions leave them as they are.
/// </summary>
internal sealed class HeadLayout
{
    private const int Multiple = 16;

    /// <summary>The layout of heads of <paramref name="headDim"/> dimensions, all of them rotated.</summary>
    public HeadLayout(int headDim)
    {
        HeadDim = headDim;
        Width = (headDim + Multiple - 1) / Multiple * Multiple;
        int half = headDim / 2;
        int[] rotated = new int[Width];
        int[] plain = new int[Width];
        for (int i = 0; i < Width; i++)
        {
            int pair = i % (Width / 2);
            rotated[i] = pair < half ? pair + (i < Width / 2 ? 0 : half) : -1;
            plain[i] = i < headDim ? i : -1;
        }

        Rotated = rotated;
        Plain = plain;
    }

    /// <summary>The checkpoint's width of a head.</summary>
    public int HeadDim { get; }

    /// <summary>The graph's width of a head.</summary>
    public int Width { get; }

    /// <summary>Whether heads lie as in the checkpoint.</summary>
    public bool IsPlain => Width == HeadDim;

    /// <summary>For each dimension of a query or key in the graph the one in the checkpoint, or -1.</summary>
    public IReadOnlyList<int> Rotated { get; }

    /// <summary>For each dimension of a value in the graph the one in the checkpoint, or -1.</summary>
    public IReadOnlyList<int> Plain { get; }
}
