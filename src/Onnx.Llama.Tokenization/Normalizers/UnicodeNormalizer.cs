using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>NFC</c>, <c>NFD</c>, <c>NFKC</c>, <c>NFKD</c> (UAX #15), by ICU.</summary>
internal sealed class UnicodeNormalizer : Normalizer
{
    private readonly NormalizationForm _form;

    public UnicodeNormalizer(NormalizationForm form) => _form = form;

    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        ReadOnlySpan<char> text = source.Span;
        if (Ascii.IsValid(text)) return false;
        target.Append(text.ToString().Normalize(_form), source, 0, source.Length);
        return true;
    }
}
