using System.Globalization;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary>
/// Parts of a text that normalise independently of their neighbours: a character and what may combine with it. Normalising cluster by cluster gives the
/// same text as normalising at once, and tells where each part of it comes from.
/// </summary>
internal static class Clusters
{
    public static int EndOfCluster(ReadOnlySpan<char> text, int start)
    {
        Surrogates.CodePointAt(text, start, out int width);
        int end = start + width;
        if (text[start] == '\uFFFE') return end;
        while (end < text.Length)
        {
            int codePoint = Surrogates.CodePointAt(text, end, out width);
            if (!MayCombine(codePoint)) break;
            end += width;
        }

        return end;
    }

    // Marks; vowels and final consonants of Hangul, plain, halfwidth and compatibility; voiced sound marks; vowel signs of Kirat Rai, which are letters.
    private static bool MayCombine(int codePoint)
    {
        if (codePoint < 0x300) return false;
        if (codePoint is (>= 0x1160 and <= 0x11FF) or (>= 0x3131 and <= 0x318E) or (>= 0xFF9E and <= 0xFFDC) or (>= 0x16D63 and <= 0x16D6A)) return true;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
    }
}
