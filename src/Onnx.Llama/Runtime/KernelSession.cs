using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Runtime;

/// <summary>Opens a graph with the kernels in it. Whatever stands against that, the model still runs, on ONNX Runtime's own operators, and the log says why.</summary>
internal static partial class KernelSession
{
    /// <summary>A session with kernels; null where there is nothing for them, or they cannot run.</summary>
    /// <exception cref="ModelException">An environment variable asks for what there is not.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while weights were packed.</exception>
    public static GraphSession? TryOpen(string path, ModelOptions options, Func<SessionOptions> describe, CancellationToken cancellationToken)
    {
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(LanguageModel).FullName!);
        KernelGraph? graph = null;
        try
        {
            graph = KernelGraph.Prepare(path, options.KernelCache, CacheFolder.KernelLimit, options.PackingProgress, cancellationToken);
            if (graph is null) return null;
            if (graph.Note is { } note) LogNote(logger, path, note);
            using SessionOptions description = describe();
            return new GraphSession(graph.Open(description), graph);
        }
        catch (KernelException fault) when (fault.Subject == Processor.Variable)
        {
            throw UnknownForm(fault);
        }
        catch (Exception fault) when (fault is KernelException or GraphException or OnnxRuntimeException or IOException or UnauthorizedAccessException)
        {
            graph?.Dispose();
            LogStock(logger, path, fault.Message);
            return null;
        }
    }

    /// <summary>Who forces a form wants to know that another would run.</summary>
    private static ModelException UnknownForm(KernelException fault) => new(
        Processor.Variable,
        $"is '{Environment.GetEnvironmentVariable(Processor.Variable)}'",
        $"one of what this processor can run: {string.Join(", ", Processor.Supported.Select(form => form.ToString().ToLowerInvariant()))}",
        inner: fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Graph}: {Note}")]
    private static partial void LogNote(ILogger logger, string graph, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Graph} runs on ONNX Runtime's own operators, since the kernels cannot: {Reason}")]
    private static partial void LogStock(ILogger logger, string graph, string reason);
}
