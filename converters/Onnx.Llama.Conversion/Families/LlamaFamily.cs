using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Llama 1 to 3.3 (arXiv:2302.13971, 2307.09288, 2407.21783) and what shares its architecture: TinyLlama, Yi, CodeLlama, Vicuna, DeepSeek-LLM.
/// Reference: transformers, models/llama/modeling_llama.py.
/// </summary>
internal static class LlamaFamily
{
    public static readonly ModelFamily Family = new("llama", "Llama 1-3.3", Describe);

    /// <summary>The facts of a Llama config; other families start from these.</summary>
    public static DecoderSpec Describe(HfConfig config) => Describe(config, new ConfigDefaults());

    /// <summary>The same with other names or defaults of keys.</summary>
    public static DecoderSpec Describe(HfConfig config, ConfigDefaults defaults)
    {
        bool bias = config.Flag("attention_bias", false);
        return DecoderFacts.Read(config, defaults) with
        {
            GenAiType = "llama",
            QkvBias = bias,
            OutputBias = bias,
            FeedForwardBias = config.Flag("mlp_bias", false),
        };
    }
}
