using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The <c>add_prefix_space</c> of <c>ByteLevel</c>: every piece that does not begin with a space gets one.</summary>
internal sealed class PrefixSpacePreTokenizer : PreTokenizer
{
    public override void Apply(PieceList pieces, bool tracksOrigin) => pieces.Rewrite(this, tracksOrigin, static (_, list, piece, target) =>
    {
        if (list.Text.Span[piece.Start] != ' ') target.Append(" ", list.Text, piece.Start, piece.Start + 1);
        target.Append(list.Text, piece.Start, piece.Length);
    });
}
