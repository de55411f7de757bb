using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The last of the three splits of DeepSeek V3 and R1. Control characters and numbers that no letter follows are in no match.</summary>
internal sealed class DeepSeekPattern : WordPattern
{
    public const string Expression =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const CharKind WordKinds = CharKind.Letter | CharKind.Mark;

    public override int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        CharKind kind = CharKinds.At(text, start, out int width);
        if ((kind & WordKinds) != 0) return CharKinds.EndOfRun(text, start + width, WordKinds);
        int next = start + width;
        CharKind nextKind = next < text.Length ? CharKinds.At(text, next, out _) : CharKind.None;
        if ((kind & CharKind.Symbol) != 0)
        {
            bool wordFollows = char.IsAscii(text[start]) && next < text.Length && char.IsAsciiLetter(text[next]);
            return wordFollows ? EndOfAsciiLetters(text, next) : EndOfSymbols(text, next);
        }

        if ((nextKind & WordKinds) != 0 && (kind & CharKind.Newline) == 0) return CharKinds.EndOfRun(text, next, WordKinds);
        if ((kind & CharKind.Space) == 0) return start;
        return text[start] == ' ' && (nextKind & CharKind.Symbol) != 0 ? EndOfSymbols(text, next) : EndOfSpace(text, start, newlines: true);
    }

    private static int EndOfAsciiLetters(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        return end;
    }

    private static int EndOfSymbols(ReadOnlySpan<char> text, int start) =>
        CharKinds.EndOfRun(text, CharKinds.EndOfRun(text, start, CharKind.Symbol), CharKind.Newline);
}
