using System.Runtime.InteropServices;

namespace Onnx.Llama.Tokenization.Text;

/// <summary>A text and the pieces that pre-tokenizers have cut it into, in order. Pieces are never empty.</summary>
internal sealed class PieceList
{
    private TextBuffer _text = new();
    private TextBuffer _spareText = new();
    private List<TextRange> _ranges = [];
    private List<TextRange> _spareRanges = [];

    public TextBuffer Text => _text;

    /// <summary>Whether the text's first unit is the first of the whole input.</summary>
    public bool AtStart { get; private set; }

    /// <summary>Segments of the piece being cut: scratch memory of the split patterns.</summary>
    public List<SplitSegment> Segments { get; } = [];

    public ReadOnlySpan<TextRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Begins with one piece: the whole of <paramref name="source"/>[start, end).</summary>
    public void Load(TextBuffer source, TextRange part, bool atStart, bool tracksOrigin)
    {
        _text.Reset(tracksOrigin);
        _text.Append(source, part.Start, part.Length);
        AtStart = atStart;
        _ranges.Clear();
        if (_text.Length > 0) _ranges.Add(new TextRange(0, _text.Length));
    }

    /// <summary>Replaces every piece by what <paramref name="split"/> adds for it.</summary>
    public void Split<TState>(TState state, Action<TState, PieceList, TextRange, List<TextRange>> split)
    {
        _spareRanges.Clear();
        foreach (TextRange piece in Ranges) split(state, this, piece, _spareRanges);
        (_ranges, _spareRanges) = (_spareRanges, _ranges);
    }

    /// <summary>Rewrites every piece: <paramref name="rewrite"/> appends the piece's new text to the buffer it is given.</summary>
    public void Rewrite<TState>(TState state, bool tracksOrigin, Action<TState, PieceList, TextRange, TextBuffer> rewrite)
    {
        _spareText.Reset(tracksOrigin);
        _spareRanges.Clear();
        foreach (TextRange piece in Ranges)
        {
            int start = _spareText.Length;
            rewrite(state, this, piece, _spareText);
            if (_spareText.Length > start) _spareRanges.Add(new TextRange(start, _spareText.Length));
        }

        (_ranges, _spareRanges) = (_spareRanges, _ranges);
        (_text, _spareText) = (_spareText, _text);
    }

    /// <summary>Gives memory back that an unusually long text needed.</summary>
    public void Trim(int maximum)
    {
        _text.Trim(maximum);
        _spareText.Trim(maximum);
        if (_ranges.Capacity > maximum) _ranges = [];
        if (_spareRanges.Capacity > maximum) _spareRanges = [];
        if (Segments.Capacity <= maximum) return;
        Segments.Clear();
        Segments.Capacity = 0;
    }
}
