namespace Onnx.Llama.Graph;

/// <summary>A graph cannot be built, written or read. The message names the node, value or file, what was found and what was expected.</summary>
public sealed class GraphException : Exception
{
    /// <summary>A fault of <paramref name="subject"/>: a node, a value or a file.</summary>
    public GraphException(string subject, string message, Exception? inner = null)
        : base($"{subject}: {message}", inner) => Subject = subject;

    /// <summary>The node, value or file at fault.</summary>
    public string Subject { get; }
}
