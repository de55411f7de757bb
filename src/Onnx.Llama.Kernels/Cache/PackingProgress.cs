namespace Onnx.Llama.Kernels.Cache;

/// <summary>How far the packing of a model's weights is.</summary>
/// <param name="Done">Bytes packed.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct PackingProgress(long Done, long Total);
