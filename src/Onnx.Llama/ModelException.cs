namespace Onnx.Llama;

/// <summary>A model cannot be opened, or cannot do what was asked of it. The message says where, what was found, what was expected and what to do.</summary>
public sealed class ModelException : Exception
{
    /// <summary>A fault whose message is put together from its facts.</summary>
    /// <param name="where">The file, key, tensor or call at fault.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should be.</param>
    /// <param name="advice">What to do about it; a sentence of its own.</param>
    /// <param name="inner">The fault underneath.</param>
    public ModelException(string where, string found, string expected, string? advice = null, Exception? inner = null)
        : base($"{where}: {found}; expected {expected}.{(advice is null ? "" : " " + advice)}", inner)
    {
        Where = where;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file, key, tensor or call at fault.</summary>
    public string Where { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should be.</summary>
    public string Expected { get; }
}
