using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>What a layer keeps of the past.</summary>
public enum LayerCacheKind
{
    /// <summary>Keys and values of all tokens.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>Keys and values of the newest tokens only.</summary>
    [JsonStringEnumMemberName("window")]
    Window,
}
