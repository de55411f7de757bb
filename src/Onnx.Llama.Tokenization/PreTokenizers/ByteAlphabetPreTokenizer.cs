using System.Text;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>
/// The rewriting of <c>ByteLevel</c>: each byte of the text as a character of GPT-2's alphabet. At the pipeline's end the model does this by itself, faster.
/// </summary>
internal sealed class ByteAlphabetPreTokenizer : PreTokenizer
{
    public override void Apply(PieceList pieces, bool tracksOrigin) =>
        pieces.Rewrite(this, tracksOrigin, static (_, list, piece, target) => Write(list.Text, piece, target));

    private static void Write(TextBuffer text, TextRange piece, TextBuffer target)
    {
        Span<byte> bytes = stackalloc byte[4];
        Span<char> chars = stackalloc char[4];
        for (int i = piece.Start; i < piece.End;)
        {
            Surrogates.CodePointAt(text.Span, i, out int width);
            int count = Encoding.UTF8.GetBytes(text.Span.Slice(i, width), bytes);
            for (int k = 0; k < count; k++) chars[k] = ByteAlphabet.CharOf(bytes[k]);
            target.Append(chars[..count], text, i, i + width);
            i += width;
        }
    }
}
