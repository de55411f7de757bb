namespace Onnx.Llama.Templates.Text;

/// <summary>Python's split and rsplit, with at most <c>limit</c> cuts.</summary>
internal static class TextSplitting
{
    public static List<string> At(string text, string separator, long limit)
    {
        List<string> parts = [];
        int start = 0;
        for (int next; parts.Count < limit && (next = text.IndexOf(separator, start, StringComparison.Ordinal)) >= 0; start = next + separator.Length)
        {
            parts.Add(text[start..next]);
        }

        parts.Add(text[start..]);
        return parts;
    }

    public static List<string> AtFromEnd(string text, string separator, long limit)
    {
        List<string> parts = [];
        int end = text.Length;
        for (int next; parts.Count < limit && (next = text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal)) >= 0; end = next)
        {
            parts.Add(text[(next + separator.Length)..end]);
        }

        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    public static List<string> Words(string text, long limit)
    {
        List<string> words = [];
        for (int start = SkipSpace(text, 0), end; start < text.Length; start = SkipSpace(text, end))
        {
            if (words.Count >= limit)
            {
                words.Add(text[start..]);
                break;
            }

            for (end = start; end < text.Length && !PythonText.IsSpace(text[end]);) end++;
            words.Add(text[start..end]);
        }

        return words;
    }

    public static List<string> WordsFromEnd(string text, long limit)
    {
        List<string> words = [];
        for (int end = SkipSpaceBack(text, text.Length), start; end > 0; end = SkipSpaceBack(text, start))
        {
            if (words.Count >= limit)
            {
                words.Add(text[..end]);
                break;
            }

            for (start = end; start > 0 && !PythonText.IsSpace(text[start - 1]);) start--;
            words.Add(text[start..end]);
        }

        words.Reverse();
        return words;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && PythonText.IsSpace(text[at])) at++;
        return at;
    }

    private static int SkipSpaceBack(string text, int end)
    {
        while (end > 0 && PythonText.IsSpace(text[end - 1])) end--;
        return end;
    }
}
