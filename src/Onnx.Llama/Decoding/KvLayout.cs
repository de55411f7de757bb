namespace Onnx.Llama.Decoding;

/// <summary>What a decoder keeps of a sequence: keys and values of every layer.</summary>
/// <param name="Layers">First layer first.</param>
public sealed record KvLayout(IReadOnlyList<KvLayer> Layers)
{
    /// <summary>Bytes of keys and values of one token, all layers together: what a token costs until it leaves the windows.</summary>
    public long BytesPerToken { get; } = Layers.Sum(layer => 2 * layer.BytesPerToken);

    /// <summary>The part of <see cref="BytesPerToken"/> that layers with a window take, and give back when the token leaves it.</summary>
    public long WindowBytesPerToken { get; } = Layers.Where(layer => layer.Window is not null).Sum(layer => 2 * layer.BytesPerToken);

    /// <summary>Bytes of a slot with room for <paramref name="capacity"/> tokens.</summary>
    public long Bytes(int capacity) => Layers.Sum(layer => 2 * layer.Bytes(capacity));

    /// <summary>The least length, but for 0, to which a sequence of <paramref name="length"/> tokens can be cut: a shorter one would need keys that were dropped.</summary>
    internal int LeastLength(int length)
    {
        int least = 0;
        foreach (KvLayer layer in Layers) least = Math.Max(least, layer.LeastLength(length));
        return least;
    }
}
