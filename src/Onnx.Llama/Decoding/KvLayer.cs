namespace Onnx.Llama.Decoding;

/// <summary>
/// The cache of one layer: keys and values, each [rows, <paramref name="KvHeads"/>, room, <paramref name="HeadDim"/>]. A layer with a window keeps its
/// newest tokens in order from the front, as GroupQueryAttention with <c>sliding_window_cache</c> lays them out: when there is no room left, the operator
/// drops the oldest <paramref name="Slack"/> + 1 at once. What is kept depends on the length alone, not on the steps that led there.
/// </summary>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="HeadDim">Numbers per head.</param>
/// <param name="ElementSize">Bytes per number.</param>
/// <param name="Window">How many of the newest tokens a query sees, its own included; null for all.</param>
/// <param name="Slack">Tokens of room beyond the window.</param>
public sealed record KvLayer(int KvHeads, int HeadDim, int ElementSize, int? Window = null, int Slack = 0)
{
    /// <summary>Bytes of one token's keys, which are those of its values too.</summary>
    public long BytesPerToken => checked((long)KvHeads * HeadDim * ElementSize);

    /// <summary>Room in tokens for a slot of <paramref name="capacity"/> tokens. Never less than the window, which the operator insists on.</summary>
    internal int Room(int capacity) => Window is { } window ? Math.Max(window, Math.Min(capacity, window + Slack)) : capacity;

    /// <summary>Bytes of the keys of a slot of <paramref name="capacity"/> tokens.</summary>
    internal long Bytes(int capacity) => checked(BytesPerToken * Room(capacity));

    /// <summary>How many of a sequence's first tokens are gone when it has <paramref name="length"/>.</summary>
    internal int Dropped(int length)
    {
        if (Window is not { } window || length <= window + Slack) return 0;
        int together = Slack + 1;
        return (length - window - Slack + together - 1) / together * together;
    }

    /// <summary>How many of a sequence's <paramref name="length"/> tokens are kept.</summary>
    internal int Kept(int length) => length - Dropped(length);

    /// <summary>The least length, but for 0, to which a sequence of <paramref name="length"/> tokens can be cut.</summary>
    internal int LeastLength(int length) => Dropped(length) is > 0 and var dropped ? dropped + Window!.Value : 0;
}
