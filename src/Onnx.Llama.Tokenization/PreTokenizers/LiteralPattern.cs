using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>A pattern that is a plain text. The empty text is never found.</summary>
internal sealed class LiteralPattern(string text) : SplitPattern
{
    public string Text => text;

    public override void Split(ReadOnlySpan<char> input, List<SplitSegment> segments)
    {
        int end = 0;
        while (text.Length > 0)
        {
            int next = input[end..].IndexOf(text, StringComparison.Ordinal);
            if (next < 0) break;
            AddMatch(segments, ref end, end + next, end + next + text.Length);
        }

        AddRest(segments, end, input.Length);
    }
}
