namespace Onnx.Llama.Tokenization.Text;

/// <summary>A part of a text: UTF-16 units [Start, End).</summary>
internal readonly record struct TextRange(int Start, int End)
{
    public int Length => End - Start;
}
