namespace Onnx.Llama.Tokenization.Text;

/// <summary>
/// A text under work, in UTF-16 units, and on request the part of the original text that each unit comes from. Buffers are kept by an
/// <see cref="EncodeWorkspace"/> and used again.
/// </summary>
internal sealed class TextBuffer
{
    private char[] _chars = new char[256];
    private int[] _starts = [];
    private int[] _ends = [];

    public int Length { get; private set; }

    /// <summary>Whether the buffer knows where its units come from.</summary>
    public bool TracksOrigin { get; private set; }

    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    /// <summary>Units that may be changed one for one; their origin stays.</summary>
    public Span<char> Writable => _chars.AsSpan(0, Length);

    /// <summary>Empties the buffer for a text whose origin is tracked or not.</summary>
    public void Reset(bool tracksOrigin)
    {
        Length = 0;
        TracksOrigin = tracksOrigin;
    }

    /// <summary>Holds a piece of the original text, which begins there at <paramref name="origin"/>.</summary>
    public void Load(ReadOnlySpan<char> text, int origin, bool tracksOrigin)
    {
        Reset(tracksOrigin);
        Reserve(text.Length);
        text.CopyTo(_chars);
        Length = text.Length;
        if (!tracksOrigin) return;
        for (int i = 0; i < text.Length; i++)
        {
            _starts[i] = origin + i;
            _ends[i] = origin + i + 1;
        }
    }

    /// <summary>Appends a part of another buffer with its origin.</summary>
    public void Append(TextBuffer source, int start, int length)
    {
        Reserve(length);
        source._chars.AsSpan(start, length).CopyTo(_chars.AsSpan(Length));
        if (TracksOrigin)
        {
            source._starts.AsSpan(start, length).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(start, length).CopyTo(_ends.AsSpan(Length));
        }

        Length += length;
    }

    /// <summary>Appends text that stands for <paramref name="source"/>[start, end); where that is empty, for the unit beside it.</summary>
    public void Append(ReadOnlySpan<char> text, TextBuffer source, int start, int end)
    {
        Reserve(text.Length);
        text.CopyTo(_chars.AsSpan(Length));
        if (TracksOrigin)
        {
            TextRange origin = source.OriginOf(start, end);
            _starts.AsSpan(Length, text.Length).Fill(origin.Start);
            _ends.AsSpan(Length, text.Length).Fill(origin.End);
        }

        Length += text.Length;
    }

    /// <summary>The part of the original text that units [start, end) come from.</summary>
    public TextRange OriginOf(int start, int end)
    {
        if (!TracksOrigin || Length == 0) return default;
        int first = Math.Min(start, Length - 1);
        int last = Math.Clamp(end - 1, first, Length - 1);
        return new TextRange(_starts[first], Math.Max(_ends[last], _starts[first]));
    }

    /// <summary>Gives memory back that an unusually long text needed.</summary>
    public void Trim(int maximum)
    {
        if (_chars.Length <= maximum) return;
        _chars = new char[256];
        _starts = [];
        _ends = [];
        Length = 0;
    }

    private void Reserve(int count)
    {
        int needed = checked(Length + count);
        if (needed > _chars.Length) Array.Resize(ref _chars, GrownTo(needed, _chars.Length));
        if (!TracksOrigin || needed <= _starts.Length) return;

        // Not as long as the units' array: that may be left from a far longer text whose origin nobody asked for.
        int grown = GrownTo(needed, Math.Max(_starts.Length, 256));
        Array.Resize(ref _starts, grown);
        Array.Resize(ref _ends, grown);
    }

    private static int GrownTo(int needed, int now) => Math.Max(needed, (int)Math.Min(now * 2L, Array.MaxLength));
}
