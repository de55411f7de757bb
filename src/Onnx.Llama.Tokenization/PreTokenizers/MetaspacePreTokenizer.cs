using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The rewriting of <c>Metaspace</c>: spaces become a visible mark, and a piece that does not begin with it gets one, as the scheme says.</summary>
internal sealed class MetaspacePreTokenizer(char mark, PrependScheme scheme) : PreTokenizer
{
    public override void Apply(PieceList pieces, bool tracksOrigin)
    {
        pieces.Text.Writable.Replace(' ', mark);
        if (scheme != PrependScheme.Never) pieces.Rewrite(this, tracksOrigin, static (self, list, piece, target) => self.Write(list, piece, target));
    }

    private void Write(PieceList pieces, TextRange piece, TextBuffer target)
    {
        bool prepends = scheme == PrependScheme.Always || (pieces.AtStart && piece.Start == 0);
        if (prepends && pieces.Text.Span[piece.Start] != mark) target.Append([mark], pieces.Text, piece.Start, piece.Start + 1);
        target.Append(pieces.Text, piece.Start, piece.Length);
    }
}
