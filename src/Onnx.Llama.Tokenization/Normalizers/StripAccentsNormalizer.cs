using System.Globalization;
using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>StripAccents</c>: drops marks (category M); it follows a decomposition.</summary>
internal sealed class StripAccentsNormalizer : Normalizer
{
    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        for (int i = 0; i < source.Length;)
        {
            var rune = new Rune(Surrogates.CodePointAt(source.Span, i, out int width));
            if (!IsMark(rune)) target.Append(source, i, width);
            i += width;
        }

        return true;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
