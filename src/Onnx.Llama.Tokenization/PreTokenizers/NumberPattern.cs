using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The first of the three splits of DeepSeek V3 and R1: numbers, three digits at a time.</summary>
internal sealed class NumberPattern : WordPattern
{
    public const string Expression = @"\p{N}{1,3}";

    public override int EndOfMatch(ReadOnlySpan<char> text, int start) => EndOfNumber(text, start, maximum: 3);

    protected override int NextMatch(ReadOnlySpan<char> text, int start) => CharKinds.EndOfRunWithout(text, start, CharKind.Number);
}
