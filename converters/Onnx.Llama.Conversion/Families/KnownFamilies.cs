using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Every family that converts, a line each.</summary>
public static class KnownFamilies
{
    /// <summary>All of them, by <c>model_type</c>.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        LlamaFamily.Family,
        MistralFamily.Family,
        MinistralFamily.Family,
        Qwen2Family.Family,
        Qwen3Family.Family,
        GemmaFamily.Family,
        Gemma2Family.Family,
        Gemma3Family.Family,
        PhiFamily.Family,
        Phi3Family.Family,
        SmolLm3Family.Family,
        GraniteFamily.Family,
        OlmoFamily.Family,
        Olmo2Family.Family,
        Olmo3Family.Family,
        StableLmFamily.Family,
        StarCoder2Family.Family,
        NemotronFamily.Family,
        CohereFamily.Family,
        Cohere2Family.Family,
        GlmFamily.Family,
        Glm4Family.Family,
        Exaone4Family.Family,
        ArceeFamily.Family,
        ApertusFamily.Family,
        Ernie45Family.Family,
        HunYuanDenseFamily.Family,
        SeedOssFamily.Family,
        HeliumFamily.Family,
        MixtralFamily.Family,
        Qwen2MoeFamily.Family,
        Qwen3MoeFamily.Family,
        OlmoEFamily.Family,
        GraniteMoeFamily.Family,
        GptOssFamily.Family,
        PhiMoeFamily.Family,
        DeepSeekV3Family.Family,
    ];

    /// <summary>Models of images and text whose text part is of one of these families, by <c>model_type</c>; the part is their text_config.</summary>
    public static IReadOnlyList<string> WithText { get; } = ["gemma3", "mistral3"];

    /// <summary>The config of the text model: the config itself, or a part of it.</summary>
    public static HfConfig TextPart(HfConfig config) => WithText.Contains(config.ModelType) ? config.Part("text_config") : config;

    /// <summary>The family that a config names.</summary>
    /// <exception cref="CheckpointException">It is none of these.</exception>
    public static ModelFamily Of(HfConfig config)
    {
        string type = config.ModelType;
        return All.FirstOrDefault(family => family.ModelType == type)
            ?? throw config.Refuse("model_type", $"one of {string.Join(", ", All.Select(family => family.ModelType))}", Advice(type));
    }

    /// <summary>Names that differ by a few characters, and those that contain a known one, such as "mllama".</summary>
    private static string Advice(string type)
    {
        IReadOnlyList<string> near = NearNames.Find(type, All.Select(family => family.ModelType), most: 3);
        if (near.Count == 0) near = [.. All.Select(family => family.ModelType).Where(name => type.Contains(name, StringComparison.OrdinalIgnoreCase))];
        return near.Count == 0
            ? "This family is not supported yet."
            : $"Did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}? If the name is right, this family is not supported yet.";
    }
}
