namespace Onnx.Llama.Conversion.Blocks;

/// <summary>
/// Where the dimensions of a head lie in the graph. GroupQueryAttention with rotation inside takes heads of a multiple of 16, and rotates
/// dimension i with i + width / 2. So heads are padded with zeros to the next multiple of 16, rotated pairs are moved to (i, i + width / 2) wherever the
/// family has them, and dimensions that do not turn lie behind them, in pairs of angle 0. Scores are sums of products, so moved and zero dimensions
/// leave them as they are.
/// </summary>
internal sealed class HeadLayout
{
    private const int Multiple = 16;

    /// <summary>The layout of one head.</summary>
    /// <param name="headDim">Its dimensions.</param>
    /// <param name="rotated">How many of them turn, the first ones; an even number.</param>
    /// <param name="interleaved">Whether dimensions 2i and 2i + 1 are a pair; else i and i + rotated / 2.</param>
    public HeadLayout(int headDim, int rotated, bool interleaved)
    {
        HeadDim = headDim;
        Pairs = rotated / 2;
        Width = (headDim + Multiple - 1) / Multiple * Multiple;
        Plain = [.. Enumerable.Range(0, Width).Select(i => i < headDim ? i : -1)];
        int half = Width / 2;
        int still = rotated;
        Rotated = [.. Enumerable.Range(0, Width).Select(i => (i % half) switch
        {
            int pair when pair < Pairs => interleaved ? (2 * pair) + (i / half) : pair + (i / half * Pairs),
            _ => still < headDim ? still++ : -1,
        })];
        IsMoved = !Rotated.SequenceEqual(Plain);
    }

    /// <summary>The checkpoint's width of a head.</summary>
    public int HeadDim { get; }

    /// <summary>Pairs of dimensions that turn, the first of the graph's width / 2.</summary>
    public int Pairs { get; }

    /// <summary>The graph's width of a head.</summary>
    public int Width { get; }

    /// <summary>Whether heads are padded.</summary>
    public bool IsPadded => Width != HeadDim;

    /// <summary>Whether dimensions of queries and keys lie elsewhere than in the checkpoint, or are padded.</summary>
    public bool IsMoved { get; }

    /// <summary>For each dimension of a query or key in the graph the one in the checkpoint, or -1.</summary>
    public IReadOnlyList<int> Rotated { get; }

    /// <summary>For each dimension of a value in the graph the one in the checkpoint, or -1.</summary>
    public IReadOnlyList<int> Plain { get; }
}
