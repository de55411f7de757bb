namespace Onnx.Llama.Manifest;

/// <summary>What a model folder says of itself cannot be read, or contradicts itself. The message names the file and the key.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>A fault in <paramref name="file"/>.</summary>
    public ManifestException(string file, string message, Exception? inner = null)
        : base($"{file}: {message}", inner) => File = file;

    /// <summary>The file that cannot be used.</summary>
    public string File { get; }
}
