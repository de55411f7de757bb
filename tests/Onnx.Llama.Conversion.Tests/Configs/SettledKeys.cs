using System.Text.Json.Nodes;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>Settings that mean something in some configs and nothing in these, each with the reason. What means nothing in any is in MeaninglessKeys.</summary>
internal static class SettledKeys
{
    private static readonly SettledKey[] s_keys =
    [
        new(
            "use_sliding_window",
            config => ((int?)config["max_window_layers"] ?? 28) >= (int?)config["num_hidden_layers"],
            "no layer is above max_window_layers"),
        new("max_window_layers", config => (bool?)config["use_sliding_window"] == false, "windows are off"),
        new("sliding_window", config => (bool?)config["use_sliding_window"] == false, "windows are off"),
        new("sliding_window", config => config["layer_types"] is JsonArray types && types.All(type => (string?)type == "full_attention"), "no layer has one"),
        new(
            "original_max_position_embeddings",
            config => config["rope_scaling"] is null && (string?)config["rope_parameters"]?["rope_type"] is null or "default",
            "nothing is stretched"),
        new("original_max_position_embeddings", IsYarn, "the ramp's ends are rounded to whole pairs of a tiny head", "65", "128"),
        new("sliding_window_pattern", config => (string?)config["model_type"] == "exaone4", "the last of four layers is full in any case", "5", "8"),
        new(
            "hidden_act",
            config => (string?)config["hidden_act"] is "gelu_new" or "gelu_pytorch_tanh",
            "two names of one function",
            "\"gelu_new\"", "\"gelu_pytorch_tanh\""),
        new("num_nextn_predict_layers", _ => true, "layers behind the model's are left out, and these checkpoints have none"),
        new("hidden_act", config => config["hidden_activation"] is not null, "Gemma's configs say 'gelu' and mean hidden_activation"),
        new("router_jitter_noise", config => (string?)config["model_type"] == "mixtral", "noise of training; phimoe alone means something by it"),
        new(
            "intermediate_size",
            config => (int?)config["decoder_sparse_step"] == 1 && config["mlp_only_layers"]!.AsArray().Count == 0,
            "every layer has experts"),
        new("num_nextn_predict_layers", _ => true, "the layers that predict further tokens are left out, be they stored or not"),
    ];

    /// <summary>Whether the change is known to mean nothing in this config.</summary>
    public static bool Contains(ConfigChange change, JsonObject config) => s_keys.Any(settled =>
        settled.Key == change.Key && settled.Where(config) && (settled.Values.Length == 0 || settled.Values.Contains(change.Value?.ToJsonString())));

    private static bool IsYarn(JsonObject config) => (string?)(config["rope_scaling"] ?? config["rope_parameters"])?["rope_type"] == "yarn";
}

/// <summary>A setting without a meaning.</summary>
/// <param name="Key">The key.</param>
/// <param name="Where">In which configs.</param>
/// <param name="Reason">Why.</param>
/// <param name="Values">The values that come to the same; all where none is given.</param>
internal sealed record SettledKey(string Key, Predicate<JsonObject> Where, string Reason, params string[] Values);
