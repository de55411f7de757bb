using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PostProcessors;

/// <summary><c>trim_offsets</c>: the spaces that a byte-level token begins or ends with do not count to its place in the text.</summary>
/// <param name="KeepsPrefixSpace">Whether the first space of the text was added, and so takes no room in it.</param>
internal sealed record OffsetTrimming(bool KeepsPrefixSpace)
{
    public void Apply(TokenSink tokens, Func<int, string?> pieceOf)
    {
        char space = ByteAlphabet.CharOf((byte)' ');
        for (int i = 0; i < tokens.Ids.Length; i++)
        {
            string piece = pieceOf(tokens.Ids[i]) ?? "";
            int leading = 0, trailing = 0;
            while (leading < piece.Length && IsSpace(piece[leading], space)) leading++;
            while (trailing < piece.Length && IsSpace(piece[^(trailing + 1)], space)) trailing++;
            tokens.Ranges[i] = Trim(tokens.Ranges[i], leading, trailing, isFirst: i == 0 || tokens.Ranges[i].Start == 0);
        }
    }

    private static bool IsSpace(char unit, char space) => unit == space || char.IsWhiteSpace(unit);

    private TextRange Trim(TextRange range, int leading, int trailing, bool isFirst)
    {
        if (leading > 0 && isFirst && KeepsPrefixSpace) leading--;
        int start = Math.Min(range.Start + leading, range.End);
        int end = range.End >= trailing ? Math.Max(range.End - trailing, start) : range.End;
        return new TextRange(start, end);
    }
}
