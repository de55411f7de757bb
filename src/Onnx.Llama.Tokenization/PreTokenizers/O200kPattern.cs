using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The split of GPT-4o, gpt-oss and Llama 4, from tiktoken's o200k_base: words are cut where lower case turns to upper.</summary>
internal sealed class O200kPattern : WordPattern
{
    public const string Expression =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        CharKind kind = CharKinds.At(text, start, out int width);
        bool mayLead = (kind & (CharKind.Letter | CharKind.Number | CharKind.Newline)) == 0;
        int end = EndOfWord(text, start, mayLead ? start + width : start, mayLead);
        if (end > start) return end;
        if ((kind & CharKind.Number) != 0) return EndOfNumber(text, start, maximum: 3);
        if ((kind & CharKind.Space) == 0) return EndOfSymbols(text, start);
        bool symbolsFollow = text[start] == ' ' && start + 1 < text.Length
            && (CharKinds.At(text, start + 1, out _) & (CharKind.Letter | CharKind.Number | CharKind.Space)) == 0;
        return symbolsFollow ? EndOfSymbols(text, start + 1) : EndOfSpace(text, start, newlines: true);
    }

    // The alternatives in the order of a backtracking matcher: with the leading character as far as it can be one, then without.
    private static int EndOfWord(ReadOnlySpan<char> text, int start, int afterLead, bool hasLead)
    {
        int end = EndOfLowerWord(text, afterLead);
        if (end < 0 && hasLead) end = EndOfLowerWord(text, start);
        if (end < 0) end = EndOfUpperWord(text, afterLead);
        if (end < 0 && hasLead) end = EndOfUpperWord(text, start);
        return end < 0 ? -1 : end + Contraction(text, end, ignoreCase: true);
    }

    // [upper]*[lower]+ : where the upper run leaves no lower character, it gives back its last ones that are both.
    private static int EndOfLowerWord(ReadOnlySpan<char> text, int start)
    {
        int lastBoth = -1;
        int upperEnd = start;
        while (upperEnd < text.Length)
        {
            CharKind kind = CharKinds.At(text, upperEnd, out int width);
            if ((kind & CharKind.Upper) == 0) break;
            if ((kind & CharKind.Lower) != 0) lastBoth = upperEnd + width;
            upperEnd += width;
        }

        int end = CharKinds.EndOfRun(text, upperEnd, CharKind.Lower);
        return end > upperEnd ? end : lastBoth;
    }

    // [upper]+[lower]*
    private static int EndOfUpperWord(ReadOnlySpan<char> text, int start)
    {
        int upperEnd = CharKinds.EndOfRun(text, start, CharKind.Upper);
        return upperEnd == start ? -1 : CharKinds.EndOfRun(text, upperEnd, CharKind.Lower);
    }

    private static int EndOfSymbols(ReadOnlySpan<char> text, int start)
    {
        int end = CharKinds.EndOfRunWithout(text, start, CharKind.Letter | CharKind.Number | CharKind.Space);
        while (end < text.Length && text[end] is ('\r' or '\n' or '/')) end++;
        return end;
    }
}
