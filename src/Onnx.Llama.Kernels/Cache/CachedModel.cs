namespace Onnx.Llama.Kernels.Cache;

/// <summary>An entry of the cache.</summary>
/// <param name="Key">Its folder's name.</param>
/// <param name="Source">The graph that it was made from; null where it cannot be read.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="LastUsed">When it was opened last, UTC.</param>
public sealed record CachedModel(string Key, string? Source, long Bytes, DateTime LastUsed);
