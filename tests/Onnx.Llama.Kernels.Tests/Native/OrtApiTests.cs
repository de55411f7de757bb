using Microsoft.ML.OnnxRuntime;
using OrtApi = Onnx.Llama.Kernels.Native.OrtApi;

namespace Onnx.Llama.Kernels.Tests.Native;

public sealed class OrtApiTests
{
    /// <summary>Each stops all other tests as well.</summary>
    private const int Collections = 30;

    [Fact]
    public void Load_Twice_KnowsTheRuntime()
    {
        OrtNode.PrepareRuntime();
        OrtApi.Load();
        OrtApi.Load();
        Assert.Equal(OrtEnv.Instance().GetVersionString(), OrtApi.RuntimeVersion);
    }

    [Fact]
    public void Check_AFault_ThrowsItsMessage()
    {
        OrtNode.PrepareRuntime();
        OrtApi.Load();
        KernelException fault = Assert.Throws<KernelException>(() => OrtApi.Check(OrtApi.Fail("ünknown"), "something"));
        Assert.Equal("something: ünknown", fault.Message);
    }

    [Fact]
    public async Task Run_WhileMemoryIsCollected_GivesTheSame()
    {
        using TinyDecoder decoder = new();
        using Feed feed = TinyDecoder.Prompt();
        using KernelGraph graph = ModelRun.Prepare(decoder.Model.Save());
        using SessionOptions options = ModelRun.Options();
        using InferenceSession session = graph.Open(options);
        float[][] expected = ModelRun.Run(session, feed);
        Task collector = Task.Run(Collect, TestContext.Current.CancellationToken);
        while (!collector.IsCompleted)
        {
            float[][] actual = ModelRun.Run(session, feed);
            for (int output = 0; output < expected.Length; output++) Difference.None(expected[output], actual[output]);
        }

        await collector;
    }

    /// <summary>Runs of one session may overlap: what a kernel needs on its way is its own.</summary>
    [Fact]
    public void Run_FromSeveralThreads_GivesTheSame()
    {
        using TinyDecoder decoder = new();
        using KernelGraph graph = ModelRun.Prepare(decoder.Model.Save());
        using SessionOptions options = ModelRun.Options();
        using InferenceSession session = graph.Open(options);
        float[][][] expected = [.. Enumerable.Range(1, 6).Select(Run)];
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            float[][] actual = Run(1 + (i % 6));
            for (int output = 0; output < actual.Length; output++) Difference.None(expected[i % 6][output], actual[output]);
        });

        float[][] Run(int tokens)
        {
            using Feed feed = TinyDecoder.Prompt(tokens, tokens);
            return ModelRun.Run(session, feed);
        }
    }

    private static void Collect()
    {
        for (int i = 0; i < Collections; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            Thread.Sleep(1);
        }
    }
}
