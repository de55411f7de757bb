using System.Buffers;

namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>The second of the three splits of DeepSeek V3 and R1: runs of Chinese characters and kana.</summary>
internal sealed class CjkPattern : WordPattern
{
    public const string Expression = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

    private static readonly SearchValues<char> s_characters = SearchValues.Create(
        [.. Enumerable.Range(0x4E00, 0x9FA5 - 0x4E00 + 1).Concat(Enumerable.Range(0x3040, 0x30FF - 0x3040 + 1)).Select(unit => (char)unit)]);

    public override int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        int length = text[start..].IndexOfAnyExcept(s_characters);
        return length < 0 ? text.Length : start + length;
    }

    protected override int NextMatch(ReadOnlySpan<char> text, int start)
    {
        int length = text[start..].IndexOfAny(s_characters);
        return length < 0 ? text.Length : start + length;
    }
}
