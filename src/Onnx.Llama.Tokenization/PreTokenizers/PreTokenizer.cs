using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>A stage that cuts a text into the pieces that the model encodes one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Cuts or rewrites every piece; <paramref name="tracksOrigin"/> says whether rewritten text must know where it comes from.</summary>
    public abstract void Apply(PieceList pieces, bool tracksOrigin);
}
