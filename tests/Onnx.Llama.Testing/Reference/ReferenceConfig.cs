using System.Text.Json;
using System.Text.Json.Nodes;

namespace Onnx.Llama.Testing;

/// <summary>
/// What a Llama's config.json says, read from either spelling (rope_theta and rope_scaling, or rope_parameters) by code that shares nothing with the
/// converter's: it is the independent check.
/// </summary>
public sealed record ReferenceConfig
{
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int KvHeads { get; init; }

    public required int HeadDim { get; init; }

    public int MaxPositions { get; init; } = 2048;

    public float RmsNormEps { get; init; } = 1e-6f;

    public bool AttentionBias { get; init; }

    public bool MlpBias { get; init; }

    public bool TiedHead { get; init; }

    public ReferenceRopeConfig Rope { get; init; } = new();

    /// <summary>Reads config.json's text. What the reference does not compute (another activation or rotary kind) is refused.</summary>
    public static ReferenceConfig Parse(string json)
    {
        JsonElement config = JsonElement.Parse(json);
        string activation = config.Find("hidden_act")?.GetString() ?? "silu";
        if (activation != "silu") throw new NotSupportedException($"hidden_act is '{activation}'; the reference computes silu.");

        int hidden = config.Int("hidden_size"), heads = config.Int("num_attention_heads");
        return new ReferenceConfig
        {
            VocabSize = config.Int("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.Int("intermediate_size"),
            Layers = config.Int("num_hidden_layers"),
            Heads = heads,
            KvHeads = config.Find("num_key_value_heads")?.GetInt32() ?? heads,
            HeadDim = config.Find("head_dim")?.GetInt32() ?? hidden / heads,
            MaxPositions = config.Find("max_position_embeddings")?.GetInt32() ?? 2048,
            RmsNormEps = config.Find("rms_norm_eps")?.GetSingle() ?? 1e-6f,
            AttentionBias = config.Find("attention_bias")?.GetBoolean() ?? false,
            MlpBias = config.Find("mlp_bias")?.GetBoolean() ?? false,
            TiedHead = config.Find("tie_word_embeddings")?.GetBoolean() ?? false,
            Rope = ParseRope(config),
        };
    }

    /// <summary>The config.json of a checkpoint with these sizes, in the spelling of published checkpoints.</summary>
    public string ToJson(string dtype = "bfloat16")
    {
        JsonObject json = new()
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = AttentionBias,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
            ["head_dim"] = HeadDim,
            ["hidden_act"] = "silu",
            ["hidden_size"] = HiddenSize,
            ["intermediate_size"] = IntermediateSize,
            ["max_position_embeddings"] = MaxPositions,
            ["mlp_bias"] = MlpBias,
            ["model_type"] = "llama",
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["num_key_value_heads"] = KvHeads,
            ["rms_norm_eps"] = RmsNormEps,
            ["rope_theta"] = Rope.Theta,
            ["tie_word_embeddings"] = TiedHead,
            ["torch_dtype"] = dtype,
            ["vocab_size"] = VocabSize,
        };
        if (Rope.Type != "default") json["rope_scaling"] = RopeToJson();
        return json.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static ReferenceRopeConfig ParseRope(JsonElement config)
    {
        ReferenceRopeConfig rope = new() { Theta = config.Find("rope_theta")?.GetDouble() ?? 10000 };
        JsonElement? found = config.Find("rope_parameters") ?? config.Find("rope_scaling");
        if (found is not { } json) return rope;

        return new ReferenceRopeConfig
        {
            Type = (json.Find("rope_type") ?? json.Find("type"))?.GetString() ?? "default",
            Theta = json.Find("rope_theta")?.GetDouble() ?? rope.Theta,
            Factor = json.Find("factor")?.GetDouble(),
            OriginalMaxPositions = json.Find("original_max_position_embeddings")?.GetInt32(),
            LowFreqFactor = json.Find("low_freq_factor")?.GetDouble() ?? rope.LowFreqFactor,
            HighFreqFactor = json.Find("high_freq_factor")?.GetDouble() ?? rope.HighFreqFactor,
            AttentionFactor = json.Find("attention_factor")?.GetDouble(),
            Mscale = json.Find("mscale")?.GetDouble(),
            MscaleAllDim = json.Find("mscale_all_dim")?.GetDouble(),
            BetaFast = json.Find("beta_fast")?.GetDouble() ?? rope.BetaFast,
            BetaSlow = json.Find("beta_slow")?.GetDouble() ?? rope.BetaSlow,
            Truncate = json.Find("truncate")?.GetBoolean() ?? rope.Truncate,
        };
    }

    private JsonObject RopeToJson()
    {
        JsonObject json = new() { ["rope_type"] = Rope.Type };
        if (Rope.Factor is { } factor) json["factor"] = factor;
        if (Rope.OriginalMaxPositions is { } original) json["original_max_position_embeddings"] = original;
        if (Rope.AttentionFactor is { } attention) json["attention_factor"] = attention;
        if (Rope.Mscale is { } mscale) json["mscale"] = mscale;
        if (Rope.MscaleAllDim is { } all) json["mscale_all_dim"] = all;
        if (Rope.Type == "llama3") (json["low_freq_factor"], json["high_freq_factor"]) = (Rope.LowFreqFactor, Rope.HighFreqFactor);
        if (Rope.Type == "yarn") (json["beta_fast"], json["beta_slow"], json["truncate"]) = (Rope.BetaFast, Rope.BetaSlow, Rope.Truncate);
        return json;
    }
}
