using System.Buffers;
using System.Text;
using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>From ids to text: tokens, then the decoders one behind the other.</summary>
internal sealed class DecodePipeline(Vocabulary vocabulary, AddedVocabulary addedTokens, DecoderStep[] steps)
{
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        if (steps is [ByteLevelDecoder]) return DecodeBytes(ids, skipSpecialTokens);
        DecoderStage first = Start(streaming: false, out TextCollector text);
        foreach (int id in ids) Push(first, id, skipSpecialTokens);
        first.Finish();
        return text.Take();
    }

    /// <summary>The first stage of a new chain, and its end.</summary>
    public DecoderStage Start(bool streaming, out TextCollector text)
    {
        // Without a decoder the library joins tokens by a space.
        text = new TextCollector(steps.Length == 0 ? " " : "");
        DecoderStage stage = text;
        for (int i = steps.Length - 1; i >= 0; i--) stage = steps[i].Start(stage, streaming);
        return stage;
    }

    /// <summary>Gives a token to a chain's first stage; ids that no token has are left out.</summary>
    public void Push(DecoderStage first, int id, bool skipSpecialTokens)
    {
        if (addedTokens.TokenOf(id) is { } token)
        {
            if (!skipSpecialTokens || !addedTokens.IsSpecial(id)) first.Push(token.Content, continues: false);
        }
        else if (vocabulary.Has(id))
        {
            PushPiece(first, vocabulary.PieceOf(id));
        }
    }

    /// <summary>The byte-level decoder alone, for a whole text: all bytes first, then the text once.</summary>
    private string DecodeBytes(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(256, ids.Length * 4));
        foreach (int id in ids)
        {
            if (addedTokens.TokenOf(id) is { } token)
            {
                if (skipSpecialTokens && addedTokens.IsSpecial(id)) continue;
                bytes.Advance(ByteLevelDecoder.Decode(token.Content, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(token.Content.Length))));
            }
            else
            {
                ReadOnlySpan<byte> piece = vocabulary.PieceOf(id);
                bytes.Advance(ByteLevelDecoder.Decode(piece, bytes.GetSpan(piece.Length + 1)));
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    public byte[] BytesOf(int id)
    {
        if (addedTokens.TextOf(id) is not { } token) return [];
        foreach (DecoderStep step in steps)
        {
            if (step.BytesOf(token) is { } bytes) return bytes;
            token = step.InMiddle(token);
        }

        return Encoding.UTF8.GetBytes(token);
    }

    private static void PushPiece(DecoderStage first, ReadOnlySpan<byte> piece)
    {
        char[]? rented = null;
        Span<char> chars = piece.Length <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(piece.Length);
        first.Push(chars[..Encoding.UTF8.GetChars(piece, chars)], continues: false);
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
    }
}
