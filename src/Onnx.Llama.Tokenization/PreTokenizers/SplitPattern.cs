using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>Something that is looked for in a text.</summary>
internal abstract class SplitPattern
{
    /// <summary>
    /// Appends the matches of the pattern and what lies between them, in order; together they are the whole text. Only matches can be empty.
    /// </summary>
    public abstract void Split(ReadOnlySpan<char> text, List<SplitSegment> segments);

    /// <summary>Appends what lies between the last match and this one, and this one.</summary>
    protected static void AddMatch(List<SplitSegment> segments, ref int end, int matchStart, int matchEnd)
    {
        if (end < matchStart) segments.Add(new SplitSegment(end, matchStart, false));
        segments.Add(new SplitSegment(matchStart, matchEnd, true));
        end = matchEnd;
    }

    /// <summary>Appends what lies behind the last match.</summary>
    protected static void AddRest(List<SplitSegment> segments, int end, int length)
    {
        if (end < length) segments.Add(new SplitSegment(end, length, false));
    }
}
