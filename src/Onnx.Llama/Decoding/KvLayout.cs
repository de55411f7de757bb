namespace Onnx.Llama.Decoding;

/// <summary>What a decoder keeps per token: keys and values of every layer.</summary>
/// <param name="Layers">First layer first.</param>
public sealed record KvLayout(IReadOnlyList<KvLayer> Layers)
{
    /// <summary>Bytes of keys and values of one token, all layers together.</summary>
    public long BytesPerToken { get; } = Layers.Sum(layer => 2 * layer.BytesPerToken);
}

/// <summary>The cache of one layer: keys and values, each [rows, <paramref name="KvHeads"/>, capacity, <paramref name="HeadDim"/>].</summary>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="HeadDim">Numbers per head.</param>
/// <param name="ElementSize">Bytes per number.</param>
public sealed record KvLayer(int KvHeads, int HeadDim, int ElementSize)
{
    /// <summary>Bytes of one token's keys, which are those of its values too.</summary>
    public long BytesPerToken => checked((long)KvHeads * HeadDim * ElementSize);
}
