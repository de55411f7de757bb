using System.Text.Json.Serialization;

namespace Onnx.Llama.Cli.Texts;

/// <summary>A line of <c>embed --json</c>.</summary>
/// <param name="Index">The text's place, from 0.</param>
/// <param name="Tokens">Its tokens, prompt and special ones included.</param>
/// <param name="Embedding">Its vector.</param>
internal sealed record EmbeddingLine(int Index, int Tokens, float[] Embedding);

/// <summary>A line of <c>classify --json</c>.</summary>
/// <param name="Index">The text's place, from 0.</param>
/// <param name="Tokens">Its tokens, special ones included.</param>
/// <param name="Labels">Labels, that of the greatest score first.</param>
internal sealed record ClassificationLine(int Index, int Tokens, LabelScore[] Labels);

/// <summary>The lines' JSON; what is not finite stands as "NaN" or "Infinity".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EmbeddingLine))]
[JsonSerializable(typeof(ClassificationLine))]
internal sealed partial class TextResultJson : JsonSerializerContext;
