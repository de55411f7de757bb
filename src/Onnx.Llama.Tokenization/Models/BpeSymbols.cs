using System.Buffers;
using System.Globalization;
using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>What a word is before any merge: one symbol for each byte, or for each character with the rules for unknown ones.</summary>
internal sealed class BpeSymbols
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeOptions _options;
    private readonly int[] _idOfByte = new int[256];
    private readonly int[] _idOfChar = [];
    private readonly int _unknown = -1;

    public BpeSymbols(Vocabulary vocabulary, BpeOptions options, bool byteLevel)
    {
        _vocabulary = vocabulary;
        _options = options;
        if (options.UnknownPiece is not null) _unknown = vocabulary.Find(options.UnknownPiece);
        for (int value = 0; value < 256; value++) _idOfByte[value] = vocabulary.Find([ByteAlphabet.CharOf((byte)value)]);
        WorksOnBytes = byteLevel && !_idOfByte.Contains(-1);
        if (WorksOnBytes) return;
        for (int value = 0; value < 256; value++) _idOfByte[value] = vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
        _idOfChar = IdsOfChars(vocabulary);
    }

    public bool WorksOnBytes { get; }

    /// <summary>The most symbols that a word can be.</summary>
    public static int MaxCount(ReadOnlySpan<char> word) => word.Length <= 64 ? word.Length * 3 : Encoding.UTF8.GetByteCount(word);

    /// <summary>The id of the piece that is this whole word, or -1.</summary>
    public int PieceOf(ReadOnlySpan<char> word)
    {
        if (!WorksOnBytes) return _vocabulary.Find(word);
        byte[] rented = Scratch<byte>.Rent(checked(MaxCount(word) * 3));
        int length = Encoding.UTF8.GetBytes(word, rented);
        int written = ByteAlphabet.Encode(rented.AsSpan(0, length), rented.AsSpan(length));
        int id = _vocabulary.Find(rented.AsSpan(length, written));
        Scratch<byte>.Return(rented);
        return id;
    }

    /// <summary>Fills in the word's symbols and the number of its bytes that each stands for; returns their number.</summary>
    public int Fill(ReadOnlySpan<char> word, Span<int> ids, Span<int> sizes) => WorksOnBytes ? FillBytes(word, ids, sizes) : FillChars(word, ids, sizes);

    private int FillBytes(ReadOnlySpan<char> word, Span<int> ids, Span<int> sizes)
    {
        byte[]? rented = null;
        Span<byte> bytes = ids.Length <= 1024 ? stackalloc byte[1024] : rented = Scratch<byte>.Rent(ids.Length);
        int length = Encoding.UTF8.GetBytes(word, bytes);
        for (int i = 0; i < length; i++) ids[i] = _idOfByte[bytes[i]];
        sizes[..length].Fill(1);
        Scratch<byte>.Return(rented);
        return length;
    }

    private int FillChars(ReadOnlySpan<char> word, Span<int> ids, Span<int> sizes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int count = 0;
        int unknownSize = 0;
        for (int i = 0; i < word.Length;)
        {
            int id = IdAt(word, i, out int width);
            ReadOnlySpan<byte> bytes = utf8[..Encoding.UTF8.GetBytes(word.Slice(i, width), utf8)];
            i += width;
            if (id >= 0)
            {
                AddUnknown(ref unknownSize, ids, sizes, ref count);
                ids[count] = id;
                sizes[count++] = bytes.Length;
            }
            else if (!TryAddBytes(bytes, ids, sizes, ref count))
            {
                if (!_options.FuseUnknown) AddUnknown(ref unknownSize, ids, sizes, ref count);
                unknownSize += bytes.Length;
            }
        }

        AddUnknown(ref unknownSize, ids, sizes, ref count);
        return count;
    }

    private void AddUnknown(ref int size, Span<int> ids, Span<int> sizes, ref int count)
    {
        if (size > 0 && _options.UnknownPiece is not null)
        {
            if (_unknown < 0) throw UnknownPieceMissing();
            ids[count] = _unknown;
            sizes[count++] = size;
        }

        size = 0;
    }

    private bool TryAddBytes(ReadOnlySpan<byte> bytes, Span<int> ids, Span<int> sizes, ref int count)
    {
        if (!_options.ByteFallback) return false;
        foreach (byte value in bytes)
        {
            if (_idOfByte[value] < 0) return false;
        }

        foreach (byte value in bytes)
        {
            ids[count] = _idOfByte[value];
            sizes[count++] = 1;
        }

        return true;
    }

    private int IdAt(ReadOnlySpan<char> word, int index, out int width)
    {
        width = Surrogates.IsPair(word, index) ? 2 : 1;
        return width == 1 ? _idOfChar[word[index]] : _vocabulary.Find(word.Slice(index, 2));
    }

    private TokenizerException UnknownPieceMissing() => new(
        "tokenizer.json",
        "model.unk_token",
        $"the text has a character that is not in the vocabulary, and neither is '{_options.UnknownPiece}', which would stand for it.");

    private static int[] IdsOfChars(Vocabulary vocabulary)
    {
        var ids = new int[0x10000];
        Array.Fill(ids, -1);
        for (int entry = 0; entry < vocabulary.Count; entry++)
        {
            ReadOnlySpan<byte> piece = vocabulary.PieceAt(entry, out int id);
            if (piece.Length is 0 or > 3 || Rune.DecodeFromUtf8(piece, out Rune rune, out int length) != OperationStatus.Done || length != piece.Length) continue;
            ids[rune.Value] = id;
        }

        return ids;
    }
}
