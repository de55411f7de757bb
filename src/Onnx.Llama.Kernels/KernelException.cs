namespace Onnx.Llama.Kernels;

/// <summary>Something that the kernels cannot run: a graph with one of their operators that is wrong, or a machine or ONNX Runtime that lacks what they need.</summary>
/// <param name="subject">Where: a file, a node or a library.</param>
/// <param name="detail">What was found, what was expected, and what to do.</param>
/// <param name="inner">What caused it.</param>
public sealed class KernelException(string subject, string detail, Exception? inner = null) : Exception($"{subject}: {detail}", inner)
{
    /// <summary>Where: a file, a node or a library.</summary>
    public string Subject { get; } = subject;

    /// <summary>What was found, what was expected, and what to do.</summary>
    public string Detail { get; } = detail;
}
