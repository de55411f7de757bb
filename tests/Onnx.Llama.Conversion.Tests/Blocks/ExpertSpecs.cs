using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>Decoders of which a test uses the experts only.</summary>
internal static class ExpertSpecs
{
    public static DecoderSpec Of(int hidden, ExpertsSpec experts) => new()
    {
        ModelType = "test",
        Hidden = hidden,
        Layers = 1,
        Heads = 1,
        KvHeads = 1,
        HeadDim = 16,
        FeedForward = 32,
        Vocabulary = 8,
        ContextLength = 16,
        Norm = new NormSpec(1e-6f),
        Attention = DecoderSpec.Alike(1, new LayerAttention(null)),
        Experts = experts,
    };

    public static ExpertsSpec Experts(int count, int chosen, int width, Routing routing) =>
        new() { Count = count, Chosen = chosen, Width = width, Routing = routing, InLayer = [true] };
}
