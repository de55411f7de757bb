namespace Onnx.Llama.Cli.Progress;

/// <summary>Passes reports of another kind on as bytes, on the thread that makes them.</summary>
internal sealed class Relay<T>(IProgress<ByteProgress> target, Func<T, ByteProgress> translate) : IProgress<T>
{
    public void Report(T value) => target.Report(translate(value));
}
