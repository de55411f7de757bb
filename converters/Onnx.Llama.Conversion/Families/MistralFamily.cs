using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Mistral 7B, Nemo, Small (arXiv:2310.06825): Llama with a window over all layers, where one is given, and no biases.
/// Reference: transformers, models/mistral/modeling_mistral.py.
/// </summary>
internal static class MistralFamily
{
    public static readonly ModelFamily Family = new("mistral", "Mistral 7B, Nemo, Small", Describe);

    public static DecoderSpec Describe(HfConfig config)
    {
        DecoderSpec llama = DecoderFacts.Read(config, new ConfigDefaults { Positions = 131072, KvHeads = 8 });
        return (llama with { GenAiType = "mistral" }).WithWindow(config.Window(llama.ContextLength));
    }
}
