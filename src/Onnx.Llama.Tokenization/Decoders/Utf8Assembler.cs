using System.Buffers;
using System.Text;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>Puts characters together from bytes that arrive in parts; invalid bytes become U+FFFD, one for each maximal part.</summary>
internal sealed class Utf8Assembler(DecoderStage next)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Passes on the characters that are complete.</summary>
    public void Push(ReadOnlySpan<byte> bytes, bool flush, bool continues)
    {
        char[]? rented = null;
        int room = bytes.Length + 4;
        Span<char> chars = room <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(room);
        int count = _decoder.GetChars(bytes, chars, flush);
        if (count > 0) next.Push(chars[..count], continues);
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
    }
}
