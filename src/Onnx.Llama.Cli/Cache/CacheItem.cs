using System.Text.Json.Serialization;

namespace Onnx.Llama.Cli.Cache;

/// <summary>What an entry of the cache is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacheKind>))]
internal enum CacheKind
{
    /// <summary>Weights packed for this processor.</summary>
    [JsonStringEnumMemberName("packed")]
    Packed,

    /// <summary>A checkpoint that was given where a model was wanted.</summary>
    [JsonStringEnumMemberName("converted")]
    Converted,
}

/// <summary>An entry of the cache.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its folder's name.</param>
/// <param name="Source">The graph it was packed from, or the name of the checkpoint; null where it cannot be told.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="LastUsed">When it was opened last, UTC.</param>
internal sealed record CacheItem(CacheKind Kind, string Key, string? Source, long Bytes, DateTime LastUsed);
