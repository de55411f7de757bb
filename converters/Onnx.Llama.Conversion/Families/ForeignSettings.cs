using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Settings by which some family computes something else, and which its tensors do not show. Where a config has one that its own family did not read,
/// the config mixes two families: which of them the weights are meant for cannot be told. What tensors show, such as biases, is refused by their names.
/// </summary>
internal static class ForeignSettings
{
    private const string WindowKey = "sliding_window";
    private const string WindowSwitchKey = "use_sliding_window";
    private const string LayersKey = "layer_types";

    private static readonly string[] s_keys =
    [
        // Scores and logits: Gemma, Granite, Cohere, MiniCPM, OLMo.
        "attn_logit_softcapping", "final_logit_softcapping", "query_pre_attn_scalar", "attention_multiplier", "logit_scale", "logits_scaling", "clip_qkv",

        // What is added to the stream: Granite, MiniCPM.
        "embedding_multiplier", "residual_multiplier", "scale_emb", "scale_depth", "dim_model_base",

        // Who sees whom, and how positions are told: Mistral, Gemma, Llama 4, SmolLM3, Qwen-VL, Falcon, MPT.
        WindowKey, WindowSwitchKey, "sliding_window_pattern", LayersKey, "attention_chunk_size", "use_bidirectional_attention", "rope_local_base_freq",
        "no_rope_layers", "use_mrope", "alibi",

        // Layers: StableLM, gpt-oss.
        "use_parallel_residual", "swiglu_limit", "swiglu_alpha",

        // Experts and latent attention: Mixtral, Qwen, DeepSeek.
        "num_local_experts", "num_experts", "n_routed_experts", "kv_lora_rank",
    ];

    /// <summary>Refuses a config with such a setting; to be asked when the family has read what it reads.</summary>
    /// <exception cref="CheckpointException">It has one.</exception>
    public static void Refuse(HfConfig config)
    {
        string? key = s_keys.FirstOrDefault(key => config.IsUnread(key) && !IsInert(config, key));
        if (key is null) return;
        throw config.Refuse(
            key,
            $"no key that '{config.ModelType}' reads, or a value that switches it off",
            "It belongs to another family, which computes something else. Correct model_type, or remove the key if the weights do not mean it.");
    }

    /// <summary>Whether a value of a key that is not off comes to the same.</summary>
    private static bool IsInert(HfConfig config, string key) => config.IsOff(key) || key switch
    {
        WindowKey => (config.Has(WindowSwitchKey) && config.IsOff(WindowSwitchKey))
            || config.OptionalSize(key) >= config.OptionalSize("max_position_embeddings"),
        LayersKey => config.Texts(key).All(type => type == LayerKinds.Full),
        _ => false,
    };
}
