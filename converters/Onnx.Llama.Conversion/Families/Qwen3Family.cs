using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Qwen 3 (arXiv:2505.09388): Qwen 2 with norms of each query and key head instead of biases. Reference: transformers, models/qwen3/modeling_qwen3.py.
/// </summary>
internal static class Qwen3Family
{
    public static readonly ModelFamily Family = new("qwen3", "Qwen 3", config => Describe(config) with { GenAiType = "qwen3" });

    public static DecoderSpec Describe(HfConfig config)
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 32768, HeadDim = 128 });
        bool bias = config.Flag("attention_bias", false);
        return Qwen2Family.WithWindows(
            llama with { QkvBias = bias, OutputBias = bias, HeadNorm = new HeadNorm(llama.Norm, HeadNormScope.Head) }, config);
    }
}
