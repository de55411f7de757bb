using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>
/// One of the split expressions that most models share, written out by hand: it cuts in time linear in the text. Each is tested to cut random text as its
/// regular expression does.
/// </summary>
internal abstract class WordPattern : SplitPattern
{
    /// <summary>The end of the match that begins at <paramref name="start"/>, where text is left; where none begins, <paramref name="start"/>.</summary>
    public abstract int EndOfMatch(ReadOnlySpan<char> text, int start);

    /// <summary>The start of the first match at or after <paramref name="start"/>, or the text's end.</summary>
    protected virtual int NextMatch(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && EndOfMatch(text, start) == start) start += Surrogates.IsPair(text, start) ? 2 : 1;
        return start;
    }

    public sealed override void Split(ReadOnlySpan<char> text, List<SplitSegment> segments)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = EndOfMatch(text, start);
            bool isMatch = end > start;
            if (!isMatch) end = NextMatch(text, start);
            segments.Add(new SplitSegment(start, end, isMatch));
            start = end;
        }
    }

    /// <summary>Appends the matches in the text from <paramref name="start"/> on, and what lies between them.</summary>
    public void Split(ReadOnlySpan<char> text, int start, List<TextRange> pieces)
    {
        while (start < text.Length)
        {
            int end = EndOfMatch(text, start);
            if (end == start) end = NextMatch(text, start);
            pieces.Add(new TextRange(start, end));
            start = end;
        }
    }

    /// <summary>
    /// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c> at an apostrophe, or without <c>?i</c>: its length, or 0. U+017F (long s) folds to s.
    /// </summary>
    protected static int Contraction(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (start + 1 >= text.Length || text[start] != '\'') return 0;
        char first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd') return 2;
        if (start + 2 >= text.Length) return 0;
        return (first, Fold(text[start + 2], ignoreCase)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c> where white space begins; without <paramref name="newlines"/>, the last two.</summary>
    protected static int EndOfSpace(ReadOnlySpan<char> text, int start, bool newlines)
    {
        int end = start;
        int lastNewline = -1;
        for (; end < text.Length; end++)
        {
            CharKind kind = CharKinds.Of(text[end]);
            if ((kind & CharKind.Space) == 0) break;
            if ((kind & CharKind.Newline) != 0) lastNewline = end;
        }

        if (newlines && lastNewline >= 0) return lastNewline + 1;
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    /// <summary><c>\p{N}{1,maximum}</c> where a number begins.</summary>
    protected static int EndOfNumber(ReadOnlySpan<char> text, int start, int maximum)
    {
        int end = start;
        for (int count = 0; count < maximum && end < text.Length; count++)
        {
            if ((CharKinds.At(text, end, out int width) & CharKind.Number) == 0) break;
            end += width;
        }

        return end;
    }

    private static char Fold(char unit, bool ignoreCase)
    {
        if (!ignoreCase) return unit;
        return unit is >= 'A' and <= 'Z' ? (char)(unit | 0x20) : unit == '\u017F' ? 's' : unit;
    }
}
