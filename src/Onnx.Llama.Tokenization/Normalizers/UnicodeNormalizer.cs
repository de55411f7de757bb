using System.Buffers;
using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>NFC</c>, <c>NFD</c>, <c>NFKC</c>, <c>NFKD</c> (UAX #15), by ICU.</summary>
internal sealed class UnicodeNormalizer : Normalizer
{
    // .NET refuses this noncharacter. It combines with nothing, so the text on each side of it is normalised by itself.
    private const char Refused = '\uFFFE';

    private readonly NormalizationForm _form;

    private UnicodeNormalizer(NormalizationForm form) => _form = form;

    /// <summary>
    /// The normalizer that a file asks for. Without ICU (InvariantGlobalization, or no libicu) the runtime returns text as it is: ids would be silently
    /// wrong, so that is refused.
    /// </summary>
    public static UnicodeNormalizer Create(NormalizationForm form, string file, string key)
    {
        if ("e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9") return new UnicodeNormalizer(form);
        throw new TokenizerException(
            file, key, "Unicode normalisation needs ICU, which this process runs without. Set InvariantGlobalization to false and install libicu.");
    }

    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        ReadOnlySpan<char> text = source.Span;
        if (Ascii.IsValid(text)) return false;
        for (int start = 0; start < text.Length;)
        {
            int end = source.TracksOrigin ? Clusters.EndOfCluster(text, start) : EndOfStretch(text, start);
            AppendNormalized(source, start, end, target);
            start = end;
        }

        return true;
    }

    private static int EndOfStretch(ReadOnlySpan<char> text, int start)
    {
        int refused = text[(start + 1)..].IndexOf(Refused);
        return text[start] == Refused ? start + 1 : refused < 0 ? text.Length : start + 1 + refused;
    }

    private void AppendNormalized(TextBuffer source, int start, int end, TextBuffer target)
    {
        ReadOnlySpan<char> part = source.Span[start..end];
        if (part is [Refused] || part.IsNormalized(_form))
        {
            target.Append(source, start, part.Length);
            return;
        }

        char[] rented = ArrayPool<char>.Shared.Rent(part.GetNormalizedLength(_form));
        if (!part.TryNormalize(rented, out int length, _form)) throw new InvalidOperationException("The normalised text is longer than announced.");
        target.Append(rented.AsSpan(0, length), source, start, end);
        ArrayPool<char>.Shared.Return(rented);
    }
}
