namespace Onnx.Llama.Tokenization.Text;

/// <summary>
/// Unpaired surrogates. No reference exists for them, since Unicode text cannot hold them; each is taken as U+FFFD before anything else happens, so that
/// a text has one meaning and its offsets stay.
/// </summary>
internal static class Surrogates
{
    /// <summary>The index of the first unpaired surrogate, or -1.</summary>
    public static int IndexOfUnpaired(ReadOnlySpan<char> text)
    {
        for (int i = 0; ; i += 2)
        {
            int next = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return -1;
            i += next;
            if (!IsPair(text, i)) return i;
        }
    }

    /// <summary>Replaces every unpaired surrogate from <paramref name="from"/> on.</summary>
    public static void Repair(Span<char> text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (IsPair(text, i)) i++;
            else text[i] = '\uFFFD';
        }
    }

    /// <summary>Whether a whole supplementary character stands at this index.</summary>
    public static bool IsPair(ReadOnlySpan<char> text, int index) =>
        index + 1 < text.Length && char.IsHighSurrogate(text[index]) && char.IsLowSurrogate(text[index + 1]);

    /// <summary>The code point at this index; <paramref name="width"/> is its number of UTF-16 units.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int index, out int width)
    {
        width = IsPair(text, index) ? 2 : 1;
        return width == 2 ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];
    }
}
