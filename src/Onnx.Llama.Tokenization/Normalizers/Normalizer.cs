using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary>A stage that rewrites a piece of text before it is split. It runs on each piece between added tokens by itself.</summary>
internal abstract class Normalizer
{
    /// <summary>
    /// Rewrites a text. Returns true where the result is in <paramref name="target"/>, which is empty before; false where it is in <paramref name="source"/>,
    /// changed in place or not at all.
    /// </summary>
    public abstract bool Apply(TextBuffer source, TextBuffer target);
}
