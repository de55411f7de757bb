namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What the attention operator takes.</summary>
/// <param name="Query">[rows, positions, heads * width], or queries, keys and values side by side.</param>
/// <param name="Key">[rows, positions, kvHeads * width]; empty where <paramref name="Query"/> has all three.</param>
/// <param name="Value">[rows, positions, kvHeads * width]; empty where <paramref name="Query"/> has all three.</param>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="Rotation">cos and sin where the operator rotates; null where it does not.</param>
internal sealed record AttentionOperands(string Query, string Key, string Value, int KvHeads, (string Cos, string Sin)? Rotation);
