using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// Byte-pair encoding of single words. It works on a word's UTF-8 bytes where a ByteLevel pre-tokenizer ends the pipeline and all 256 bytes are pieces
/// (<see cref="WorksOnBytes"/>), and on its characters otherwise.
/// </summary>
internal sealed class BpeModel
{
    private const int StackSymbols = 192;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly BpeSymbols _symbols;
    private readonly WordCache _cache = new();
    private readonly WordCutter? _cutter;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options, bool byteLevel, WordCutter cutter)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _symbols = new BpeSymbols(vocabulary, options, byteLevel);
        _cutter = !WorksOnBytes && WordCutter.Fits(vocabulary, merges, options) ? cutter : null;
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>Whether words are given as they stand in the text, and not yet written in the alphabet of bytes.</summary>
    public bool WorksOnBytes => _symbols.WorksOnBytes;

    /// <summary>Appends the tokens of one piece of a text.</summary>
    public void Encode(TextBuffer text, TextRange piece, TokenSink sink)
    {
        ReadOnlySpan<char> chars = text.Span;
        for (int start = piece.Start; start < piece.End;)
        {
            int end = _cutter is null ? piece.End : _cutter.NextCut(chars[..piece.End], start);
            if (sink.WantsRanges) EncodeWithRanges(text, new TextRange(start, end), sink);
            else EncodeWord(chars[start..end], sink);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, TokenSink sink)
    {
        if (word.Length > WordCache.MaxWordLength)
        {
            EncodeUncached(word, sink);
            return;
        }

        uint hash = Hashing.Of(word);
        int[]? known = _cache.Find(word, hash);
        if (known is not null)
        {
            sink.Add(known);
            return;
        }

        int first = sink.Ids.Length;
        EncodeUncached(word, sink);
        _cache.Add(word, hash, sink.Ids[first..]);
    }

    private void EncodeUncached(ReadOnlySpan<char> word, TokenSink sink)
    {
        int room = BpeSymbols.MaxCount(word);
        int[]? rented = null;
        Span<int> symbols = room <= StackSymbols ? stackalloc int[StackSymbols * 2] : rented = Scratch<int>.Rent(checked(room * 2));
        int count = EncodeWord(word, symbols[..room], symbols.Slice(room, room));
        sink.Add(symbols[..count]);
        Scratch<int>.Return(rented);
    }

    private void EncodeWithRanges(TextBuffer text, TextRange word, TokenSink sink)
    {
        ReadOnlySpan<char> chars = text.Span[word.Start..word.End];
        int room = BpeSymbols.MaxCount(chars);
        int[] rented = Scratch<int>.Rent(checked(room * 2));
        Span<int> ids = rented.AsSpan(0, room);
        Span<int> sizes = rented.AsSpan(room, room);
        int count = EncodeWord(chars, ids, sizes);
        var bytes = new Utf8Cursor(chars);
        for (int i = 0; i < count; i++)
        {
            TextRange part = bytes.Take(sizes[i]);
            sink.Add(ids[i], text.OriginOf(word.Start + part.Start, word.Start + part.End));
        }

        Scratch<int>.Return(rented);
    }

    private int EncodeWord(ReadOnlySpan<char> word, Span<int> ids, Span<int> sizes)
    {
        if (_options.IgnoreMerges)
        {
            ids[0] = _symbols.PieceOf(word);
            sizes[0] = Encoding.UTF8.GetByteCount(word);
            if (ids[0] >= 0) return 1;
        }

        int count = _symbols.Fill(word, ids, sizes);
        return BpeMerger.Merge(_merges, ids[..count], sizes[..count]);
    }
}
