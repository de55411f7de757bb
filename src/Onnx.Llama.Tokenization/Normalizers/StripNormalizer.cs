using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>Strip</c>: takes white space from a piece's ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        int start = left ? source.Length - source.Span.TrimStart().Length : 0;
        int end = right ? Math.Max(start, source.Span.TrimEnd().Length) : source.Length;
        target.Append(source, start, end - start);
        return true;
    }
}
