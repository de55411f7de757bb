using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>Runs graphs as they are, and through the kernels. Outputs come in the order of the graph.</summary>
internal static class ModelRun
{
    static ModelRun() => OrtNode.PrepareRuntime();

    /// <summary>Two threads, so that parts do run beside each other.</summary>
    public static SessionOptions Options()
    {
        SessionOptions options = new() { IntraOpNumThreads = 2, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /// <summary>A graph of which the kernels must take something over.</summary>
    public static KernelGraph Prepare(
        string file, KernelCache? cache = null, long limit = KernelCache.DefaultLimit, IProgress<PackingProgress>? progress = null)
    {
        KernelGraph? graph = KernelGraph.Prepare(file, cache, limit, progress, TestContext.Current.CancellationToken);
        Assert.NotNull(graph);
        return graph;
    }

    public static float[][] Stock(string file, Feed feed)
    {
        using SessionOptions options = Options();
        using InferenceSession session = new(file, options);
        return Run(session, feed);
    }

    /// <summary>Through the kernels, which must take something over.</summary>
    public static float[][] Kernels(string file, Feed feed, out KernelReport report, KernelCache? cache = null)
    {
        using KernelGraph graph = Prepare(file, cache);
        report = graph.Report;
        using SessionOptions options = Options();
        using InferenceSession session = graph.Open(options);
        return Run(session, feed);
    }

    public static float[][] Run(InferenceSession session, Feed feed)
    {
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, feed.Values, [.. session.OutputNames]);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>Stays stock: there is nothing in it for the kernels, or not of an operator; and it runs as it did.</summary>
    public static void StaysStock(string file, Feed feed, string kernel)
    {
        float[][] expected = Stock(file, feed);
        if (KernelGraph.Describe(file) is not { } described) return;
        Assert.DoesNotContain(kernel, described.Kernels.Keys);
        float[][] actual = Kernels(file, feed, out KernelReport report);
        Assert.DoesNotContain(kernel, report.Kernels.Keys);
        for (int i = 0; i < expected.Length; i++) Difference.Near(expected[i], actual[i], 1e-2);
    }
}
