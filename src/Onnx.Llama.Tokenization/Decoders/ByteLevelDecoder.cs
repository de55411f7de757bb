using System.Buffers;
using System.Text;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>
/// <c>ByteLevel</c>: the characters of GPT-2's alphabet back to bytes, the bytes of all tokens together to text. A token with any other character stands for its
/// own UTF-8.
/// </summary>
internal sealed class ByteLevelDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool streaming) => new Stage(next);

    public override byte[] BytesOf(string token)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(token.Length)];
        return bytes[..Decode(token, bytes)];
    }

    private static int Decode(ReadOnlySpan<char> token, Span<byte> bytes)
    {
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.ByteOf(token[i]);
            if (value < 0) return Encoding.UTF8.GetBytes(token, bytes);
            bytes[i] = (byte)value;
        }

        return token.Length;
    }

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        private readonly Utf8Assembler _text = new(next);
        private bool _started;

        public override void Push(ReadOnlySpan<char> token, bool continues)
        {
            byte[]? rented = null;
            int room = Encoding.UTF8.GetMaxByteCount(token.Length);
            Span<byte> bytes = room <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(room);
            _text.Push(bytes[..Decode(token, bytes)], flush: false, _started);
            _started = true;
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }

        public override void Finish()
        {
            _text.Push(default, flush: true, _started);
            next.Finish();
        }
    }
}
