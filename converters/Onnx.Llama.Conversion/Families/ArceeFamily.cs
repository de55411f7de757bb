namespace Onnx.Llama.Conversion.Families;

/// <summary>Arcee AFM: Llama with an ungated network of squared ReLUs. Reference: transformers, models/arcee/modeling_arcee.py.</summary>
internal static class ArceeFamily
{
    public static readonly ModelFamily Family = new("arcee", "Arcee AFM", config => LlamaFamily.Describe(
        config, new ConfigDefaults { Positions = 4096, Norm = new NormSpec(1e-5f), Activation = "relu2" }) with
    { GenAiType = "decoder", Gated = false });
}
