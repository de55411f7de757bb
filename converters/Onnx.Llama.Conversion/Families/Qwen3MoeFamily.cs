namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Qwen 3 30B-A3B, 235B-A22B (arXiv:2505.09388): Qwen 3 with experts. Reference: transformers, models/qwen3_moe/modeling_qwen3_moe.py.
/// </summary>
internal static class Qwen3MoeFamily
{
    public static readonly ModelFamily Family = new("qwen3_moe", "Qwen 3 MoE", config =>
    {
        DecoderSpec qwen3 = Qwen3Family.Describe(config);
        return qwen3 with { Experts = Qwen2MoeFamily.Experts(config, qwen3) };
    });
}
