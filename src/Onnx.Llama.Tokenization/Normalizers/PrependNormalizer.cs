using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>Prepend</c>: puts a text before every piece that is not empty.</summary>
internal sealed class PrependNormalizer(string text) : Normalizer
{
    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        if (source.Length == 0) return false;
        target.Append(text, source, 0, 1);
        target.Append(source, 0, source.Length);
        return true;
    }
}
