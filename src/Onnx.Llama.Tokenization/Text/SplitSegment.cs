namespace Onnx.Llama.Tokenization.Text;

/// <summary>A stretch of a piece that a split pattern matched, or that lies between two matches.</summary>
internal readonly record struct SplitSegment(int Start, int End, bool IsMatch);
