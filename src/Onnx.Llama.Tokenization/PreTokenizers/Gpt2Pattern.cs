using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>GPT-2's split (<c>encoder.py</c> of openai/gpt-2), which ByteLevel brings along.</summary>
internal sealed class Gpt2Pattern : WordPattern
{
    public const string Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const CharKind Classes = CharKind.Letter | CharKind.Number | CharKind.Space;

    public override int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        int contraction = Contraction(text, start, ignoreCase: false);
        if (contraction > 0) return start + contraction;
        int word = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharKind kind = CharKinds.At(text, word, out _) & Classes;
        if ((kind & CharKind.Space) != 0) return EndOfSpace(text, start, newlines: false);
        return kind == 0 ? CharKinds.EndOfRunWithout(text, word, Classes) : CharKinds.EndOfRun(text, word, kind);
    }
}
