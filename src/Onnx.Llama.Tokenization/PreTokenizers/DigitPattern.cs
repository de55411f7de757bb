using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>Single numeric characters, of any script: <c>\p{N}</c>.</summary>
internal sealed class DigitPattern : SplitPattern
{
    public override void Split(ReadOnlySpan<char> text, List<SplitSegment> segments)
    {
        int end = 0;
        for (int start = 0; start < text.Length;)
        {
            bool isDigit = (CharKinds.At(text, start, out int width) & CharKind.Number) != 0;
            if (isDigit) AddMatch(segments, ref end, start, start + width);
            start += width;
        }

        AddRest(segments, end, text.Length);
    }
}
