namespace Onnx.Llama.Tokenization.Differential.Tests;

/// <summary>A file with some content, for as long as it is needed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
