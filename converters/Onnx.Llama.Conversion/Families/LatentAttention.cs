namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434): <c>c = norm(kv_a(x))</c> is all that a token keeps beside one rotated key of
/// <paramref name="RotaryDim"/> that all heads share; <c>[k, v] = kv_b(c)</c> for each head. A query is <c>q_b(norm(q_a(x)))</c>, or <c>q(x)</c> where
/// <paramref name="QueryRank"/> is null, and has <paramref name="PlainDim"/> plain and <paramref name="RotaryDim"/> rotated dimensions.
/// </summary>
/// <param name="QueryRank">Width of the compressed query; null where queries are not compressed.</param>
/// <param name="Rank">Width of the compressed keys and values.</param>
/// <param name="PlainDim">Dimensions of a query or key that are not rotated.</param>
/// <param name="RotaryDim">Dimensions of a query or key that are rotated.</param>
/// <param name="ValueDim">Dimensions of a value.</param>
/// <param name="Norm">The norm of the compressed vectors.</param>
public sealed record LatentAttention(int? QueryRank, int Rank, int PlainDim, int RotaryDim, int ValueDim, NormSpec Norm);
