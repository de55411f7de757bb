namespace Onnx.Llama.Conversion.Tests.Targets;

/// <summary>The models of ../shared/goldens/models.</summary>
public static class Goldens
{
    /// <summary>Those of them that are mixtures of experts.</summary>
    public static IReadOnlySet<string> WithExperts { get; } =
        new HashSet<string> { "deepseek_v3", "gpt_oss", "granitemoe", "mixtral", "olmoe", "phimoe", "qwen2_moe", "qwen3_moe" };

    /// <summary>Those of them that are not.</summary>
    public static TheoryData<string> Dense => [.. Names.Select(row => row.Data).Where(name => !WithExperts.Contains(name))];

    /// <summary>All.</summary>
    public static TheoryData<string> Names =>
    [
        "apertus", "arcee", "cohere", "cohere2", "deepseek_v3", "ernie4_5", "exaone4", "gemma", "gemma2", "gemma3", "glm", "glm4",
        "gpt_oss", "granite", "granitemoe", "helium", "hunyuan_dense", "llama_bias", "llama_gqa", "llama_mha", "llama_mqa", "llama_odd",
        "llama_rope_dynamic", "llama_rope_linear", "llama_rope_llama3", "llama_rope_yarn", "llama_tied", "ministral", "mistral",
        "mistral_nemo", "mixtral", "nemotron", "olmo", "olmo2", "olmo3", "olmoe", "phi", "phi3", "phi3_longrope", "phi4_partial", "phimoe",
        "qwen2", "qwen2_moe", "qwen2_window", "qwen3", "qwen3_moe", "qwen3_tied", "seed_oss", "smollm3", "stablelm", "starcoder2",
    ];
}
