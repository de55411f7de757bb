using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>How a checkpoint says that its weights are quantised.</summary>
/// <param name="Key">Where it says so: <c>quantization_config</c>, <c>quantization</c> (MLX), or <c>hf_quant_config.json</c> (ModelOpt).</param>
/// <param name="Method">The method: <c>gptq</c>, <c>awq</c>, <c>fp8</c>, <c>mlx</c> …; <c>unknown</c> where it has no name.</param>
/// <param name="Settings">Its plain settings, for messages: <c>bits 4, group_size 128</c>; may be empty.</param>
public sealed record QuantizationScheme(string Key, string Method, string Settings)
{
    private const string ModelOptFile = "hf_quant_config.json";
    private const string ConfigKey = "quantization_config";
    private const string MlxKey = "quantization";

    /// <summary>As messages name it: <c>'mlx' (bits 4, group_size 32)</c>.</summary>
    public override string ToString() => Settings.Length == 0 ? $"'{Method}'" : $"'{Method}' ({Settings})";

    /// <summary>What config.json says.</summary>
    internal static QuantizationScheme? Of(ConfigObject config)
    {
        // MLX writes its settings under both keys.
        string key = config.Has(ConfigKey) ? ConfigKey : MlxKey;
        if (config.Peek(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) throw config.Refuse(key, "an object", "");
        return new QuantizationScheme(key, MethodOf(value), SettingsOf(value));
    }

    /// <summary>What the file of NVIDIA's ModelOpt says, which stands beside config.json.</summary>
    internal static QuantizationScheme? FromModelOpt(string folder)
    {
        string file = Path.Combine(folder, ModelOptFile);
        if (!Path.Exists(file)) return null;
        JsonElement root = JsonFile.Parse(SourceFile.ReadSmall(file, HfConfig.LongestFile), file);
        bool told = root.TryGetProperty(MlxKey, out JsonElement settings) && settings.ValueKind == JsonValueKind.Object;
        return new QuantizationScheme(ModelOptFile, "modelopt", told ? SettingsOf(settings) : "");
    }

    private static string MethodOf(JsonElement settings)
    {
        if (settings.TryGetProperty("quant_method", out JsonElement method) && method.ValueKind == JsonValueKind.String) return Show.Text(method.GetString()!);
        if (settings.TryGetProperty("quant_algo", out _)) return "modelopt";
        return settings.TryGetProperty("bits", out _) && settings.TryGetProperty("group_size", out _) ? "mlx" : "unknown";
    }

    private static string SettingsOf(JsonElement settings) => Show.Text(string.Join(", ", settings.EnumerateObject()
        .Where(entry => entry.Name != "quant_method" && entry.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
        .Select(entry => $"{entry.Name} {(entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : entry.Value.GetRawText())}")));
}
