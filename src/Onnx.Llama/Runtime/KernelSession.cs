using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels;

namespace Onnx.Llama.Runtime;

/// <summary>Opens a graph with the kernels in it. Whatever stands against that, the model still runs, on ONNX Runtime's own operators, and the log says why.</summary>
internal static partial class KernelSession
{
    /// <summary>A session with kernels; null where there is nothing for them, or they cannot run.</summary>
    public static GraphSession? TryOpen(string path, ModelOptions options, Func<SessionOptions> describe)
    {
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(LanguageModel).FullName!);
        KernelGraph? graph = null;
        try
        {
            graph = KernelGraph.Prepare(path, options.KernelCache, CacheFolder.KernelLimit, options.PackingProgress);
            if (graph is null) return null;
            if (graph.Note is { } note) LogNote(logger, path, note);
            using SessionOptions description = describe();
            return new GraphSession(graph.Open(description), graph);
        }
        catch (Exception fault) when (fault is KernelException or GraphException or OnnxRuntimeException or IOException or UnauthorizedAccessException)
        {
            graph?.Dispose();
            LogStock(logger, path, fault.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Graph}: {Note}")]
    private static partial void LogNote(ILogger logger, string graph, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Graph} runs on ONNX Runtime's own operators, since the kernels cannot: {Reason}")]
    private static partial void LogStock(ILogger logger, string graph, string reason);
}
