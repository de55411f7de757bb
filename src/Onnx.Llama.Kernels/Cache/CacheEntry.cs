using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>What entry.json says of a cache entry: written last, so an entry without it is none.</summary>
/// <param name="Version">The kernels that wrote it, <see cref="KernelCache.Version"/>.</param>
/// <param name="Source">The graph that it was made from.</param>
/// <param name="ModelLength">Bytes of the graph.</param>
/// <param name="ModelHash">SHA-256 of the graph, hexadecimal.</param>
/// <param name="WeightsLength">Bytes of the weights.</param>
/// <param name="WeightsHashes">SHA-256, shortened to 16 bytes, of each MiB of the weights, hexadecimal, in one string.</param>
/// <param name="Report">What the kernels take over.</param>
internal sealed record CacheEntry(
    int Version, string Source, long ModelLength, string ModelHash, long WeightsLength, string WeightsHashes, KernelReport Report);
