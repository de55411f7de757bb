namespace Onnx.Llama.Tokenization;

/// <summary>
/// A token and the part of the text it stands for, in UTF-16 units: <c>text[Start..End]</c>. A token that the post-processor adds (such as a
/// beginning-of-text token) has (0, 0); a token that holds only some bytes of a character has that whole character.
/// </summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Index of the first UTF-16 unit.</param>
/// <param name="End">Index after the last UTF-16 unit.</param>
public readonly record struct TokenSpan(int Id, int Start, int End);
