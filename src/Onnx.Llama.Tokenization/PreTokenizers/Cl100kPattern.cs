using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>
/// The split of Llama 3 (<paramref name="maximumDigits"/> 3) and Qwen 2 and 3 (1), from tiktoken's cl100k_base.
/// </summary>
internal sealed class Cl100kPattern(int maximumDigits) : WordPattern
{
    private const CharKind LetterOrNumber = CharKind.Letter | CharKind.Number;

    /// <summary>Llama 3's spelling.</summary>
    public const string Llama3Expression =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen's spelling: digits one by one.</summary>
    public const string QwenExpression =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        CharKind kind = CharKinds.At(text, start, out int width);
        if ((kind & CharKind.Letter) != 0) return CharKinds.EndOfRun(text, start + width, CharKind.Letter);
        if ((kind & CharKind.Number) != 0) return EndOfNumber(text, start, maximumDigits);
        int contraction = Contraction(text, start, ignoreCase: true);
        if (contraction > 0) return start + contraction;
        int next = start + width;
        CharKind nextKind = next < text.Length ? CharKinds.At(text, next, out _) : CharKind.Space;
        if ((nextKind & CharKind.Letter) != 0 && (kind & CharKind.Newline) == 0) return CharKinds.EndOfRun(text, next, CharKind.Letter);
        if ((kind & CharKind.Space) == 0) return EndOfSymbols(text, start);
        bool symbolsFollow = text[start] == ' ' && (nextKind & (LetterOrNumber | CharKind.Space)) == 0;
        return symbolsFollow ? EndOfSymbols(text, next) : EndOfSpace(text, start, newlines: true);
    }

    private static int EndOfSymbols(ReadOnlySpan<char> text, int start)
    {
        int end = CharKinds.EndOfRunWithout(text, start, LetterOrNumber | CharKind.Space);
        return CharKinds.EndOfRun(text, end, CharKind.Newline);
    }
}
