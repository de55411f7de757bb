namespace Onnx.Llama.Templates.Text;

/// <summary>Python's splitlines: ten characters end a line, and <c>\r\n</c> ends one.</summary>
internal static class Lines
{
    public static IEnumerable<string> Split(string text, bool keepsEnds)
    {
        for (int start = 0, next; start < text.Length; start = next)
        {
            int end = start;
            while (end < text.Length && !EndsLine(text[end])) end++;
            next = Math.Min(text.Length, end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1));
            yield return text[start..(keepsEnds ? next : end)];
        }
    }

    private static bool EndsLine(char c) => c is >= '\n' and <= '\r' or >= '\u001C' and <= '\u001E' or '\u0085' or '\u2028' or '\u2029';
}
