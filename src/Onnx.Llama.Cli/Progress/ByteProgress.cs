namespace Onnx.Llama.Cli.Progress;

/// <summary>How far some work is.</summary>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all.</param>
internal readonly record struct ByteProgress(long Done, long Total);
