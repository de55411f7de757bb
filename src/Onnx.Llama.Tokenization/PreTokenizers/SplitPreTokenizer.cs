using System.Runtime.InteropServices;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>
/// <c>Split</c>: cuts at the matches of a pattern (or, inverted, at what lies between them). <c>Digits</c> and the expression of <c>ByteLevel</c> are such splits too.
/// </summary>
internal sealed class SplitPreTokenizer(SplitPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Apply(PieceList pieces, bool tracksOrigin) => pieces.Split(this, static (self, list, piece, output) => self.Split(list, piece, output));

    private void Split(PieceList pieces, TextRange piece, List<TextRange> output)
    {
        if (pattern is WordPattern words && behavior == SplitBehavior.Isolated)
        {
            words.Split(pieces.Text.Span[..piece.End], piece.Start, output);
            return;
        }

        List<SplitSegment> segments = pieces.Segments;
        segments.Clear();
        pattern.Split(pieces.Text.Span[piece.Start..piece.End], segments);
        if (invert) Invert(CollectionsMarshal.AsSpan(segments));
        int first = output.Count;
        Join(CollectionsMarshal.AsSpan(segments), piece.Start, output);
        if (behavior == SplitBehavior.MergedWithNext) output.Reverse(first, output.Count - first);
        RemoveEmpty(output, first);
    }

    // Only matches can be empty, and few expressions have such.
    private static void RemoveEmpty(List<TextRange> ranges, int first)
    {
        int count = first;
        for (int i = first; i < ranges.Count; i++)
        {
            if (ranges[i].Length > 0) ranges[count++] = ranges[i];
        }

        ranges.RemoveRange(count, ranges.Count - count);
    }

    private void Join(ReadOnlySpan<SplitSegment> segments, int offset, List<TextRange> output)
    {
        bool before = false;
        int first = output.Count;
        for (int i = 0; i < segments.Length; i++)
        {
            // Merging with the next piece is merging with the previous one, from the end.
            SplitSegment segment = segments[behavior == SplitBehavior.MergedWithNext ? segments.Length - 1 - i : i];
            var range = new TextRange(offset + segment.Start, offset + segment.End);
            bool joins = output.Count > first && JoinsNeighbour(segment.IsMatch, before);
            if (joins) output[^1] = new TextRange(Math.Min(output[^1].Start, range.Start), Math.Max(output[^1].End, range.End));
            else if (behavior != SplitBehavior.Removed || !segment.IsMatch) output.Add(range);
            before = segment.IsMatch;
        }
    }

    private bool JoinsNeighbour(bool isMatch, bool before) => behavior switch
    {
        SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => isMatch && !before,
        SplitBehavior.Contiguous => isMatch == before,
        _ => false,
    };

    private static void Invert(Span<SplitSegment> segments)
    {
        foreach (ref SplitSegment segment in segments) segment = segment with { IsMatch = !segment.IsMatch };
    }
}
