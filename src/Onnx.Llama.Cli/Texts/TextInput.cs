namespace Onnx.Llama.Cli.Texts;

/// <summary>A text that the user gave.</summary>
/// <param name="Text">The text; null where only its tokens are given.</param>
/// <param name="Ids">Its tokens; null where the tokenizer is to make them.</param>
/// <param name="Source">Where it stands, for messages: <c>texts.txt: line 3</c>.</param>
internal sealed record TextInput(string? Text, int[]? Ids, string Source);
