using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>Lowercase</c>: each character by itself, without regard to language or context.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < source.Length;)
        {
            var rune = new Rune(Surrogates.CodePointAt(source.Span, i, out int width));

            // The one character whose lower case is two: I with a dot above.
            ReadOnlySpan<char> lower = rune.Value == 0x130 ? "i\u0307" : units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)];
            target.Append(lower, source, i, i + width);
            i += width;
        }

        return true;
    }
}
