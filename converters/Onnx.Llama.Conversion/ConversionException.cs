namespace Onnx.Llama.Conversion;

/// <summary>A checkpoint cannot be converted as asked. The message names the file, key or tensor, what was found, what was expected and what to do.</summary>
public sealed class ConversionException : Exception
{
    /// <summary>A fault of <paramref name="subject"/>: a file, folder, key or tensor.</summary>
    public ConversionException(string subject, string message, Exception? inner = null)
        : base($"{subject}: {message}", inner) => Subject = subject;

    /// <summary>The file, folder, key or tensor at fault.</summary>
    public string Subject { get; }
}
