using Onnx.Llama.Decoding;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;

namespace Onnx.Llama.Tests.Decoding;

/// <summary>Decoders over model folders, as tests want them, and the plain ways to use them.</summary>
internal static class Decoders
{
    /// <summary>One thread, which does not spin: tests share two cores.</summary>
    public static ModelOptions Options { get; } = new() { Provider = Provider.Cpu, Threads = 1, Spinning = false, KernelCache = null };

    public static RowDecoder Open(
        string folder, int chunk = RowDecoder.DefaultChunk, bool lengthDependentRope = false, long? budget = null, bool batchInvariant = true,
        int? slack = null, int? ropeSwitchAt = null, KernelChoice kernels = KernelChoice.Auto, int threads = 1)
    {
        GenAiModel model = GenAiConfig.Load(folder).Model;
        IReadOnlyList<int?> windows = LayerWindows.Of(folder, model.Decoder, ModelManifest.Load(folder));
        DecoderGraph graph = SessionFactory.Open(folder, model.Decoder, model.Decoder.Filename, Provider.Cpu, Options with { Kernels = kernels, Threads = threads }, windows, slack);
        return new RowDecoder(
            graph, model.ContextLength, lengthDependentRope, ropeSwitchAt, budget, batchInvariant && graph.Kernels is not { IsBatchInvariant: true }, chunk);
    }

    /// <summary>One slot, one step.</summary>
    public static void Step(this RowDecoder decoder, KvSlot slot, ReadOnlySpan<int> tokens, LogitsWanted wanted = LogitsWanted.Last)
    {
        StepPlan plan = new();
        plan.Add(slot, tokens, wanted);
        decoder.Step(plan, TestContext.Current.CancellationToken);
    }

    /// <summary>The logits after every token of a sequence that is alone in its decoder and comes token by token.</summary>
    public static float[][] Alone(
        string folder, ReadOnlySpan<int> tokens, int prompt, int chunk = RowDecoder.DefaultChunk, int? slack = null, KernelChoice kernels = KernelChoice.Auto)
    {
        using RowDecoder decoder = Open(folder, chunk, slack: slack, kernels: kernels);
        using KvSlot slot = decoder.Rent(tokens.Length);
        float[][] logits = new float[tokens.Length][];
        decoder.Step(slot, tokens[..prompt], LogitsWanted.All);
        for (int i = 0; i < prompt; i++) logits[i] = decoder.Logits(i).ToArray();
        for (int i = prompt; i < tokens.Length; i++)
        {
            decoder.Step(slot, tokens.Slice(i, 1));
            logits[i] = decoder.Logits(0).ToArray();
        }

        return logits;
    }

    public static int[] RandomTokens(Random random, int count, int vocabulary) => [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
}
