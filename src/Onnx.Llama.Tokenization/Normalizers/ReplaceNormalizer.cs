using System.Runtime.InteropServices;
using Onnx.Llama.Tokenization.PreTokenizers;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Normalizers;

/// <summary><c>Replace</c>: every match of a pattern becomes a text.</summary>
internal sealed class ReplaceNormalizer(SplitPattern pattern, string replacement) : Normalizer
{
    public override bool Apply(TextBuffer source, TextBuffer target)
    {
        if (pattern is LiteralPattern { Text: [var from] } && replacement is [var to])
        {
            source.Writable.Replace(from, to);
            return false;
        }

        var segments = new List<SplitSegment>();
        pattern.Split(source.Span, segments);
        foreach (SplitSegment segment in CollectionsMarshal.AsSpan(segments))
        {
            if (segment.IsMatch) target.Append(replacement, source, segment.Start, segment.End);
            else target.Append(source, segment.Start, segment.End - segment.Start);
        }

        return true;
    }
}
