using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Kernels;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Runtime;

/// <summary>A session over a graph, with what the kernels take over in it.</summary>
internal sealed class GraphSession : IDisposable
{
    private readonly KernelGraph? _graph;

    /// <summary>Takes over both.</summary>
    /// <param name="session">The session.</param>
    /// <param name="graph">Where its weights are, if the kernels run in it.</param>
    public GraphSession(InferenceSession session, KernelGraph? graph = null)
    {
        Session = session;
        _graph = graph;
    }

    public InferenceSession Session { get; }

    /// <summary>Null where ONNX Runtime's operators alone run.</summary>
    public KernelReport? Kernels => _graph?.Report;

    public void Dispose()
    {
        Session.Dispose();
        _graph?.Dispose();
    }
}
