namespace Onnx.Llama.Kernels.Weights;

/// <summary>Things that are disposed of together.</summary>
internal sealed class DisposableList<T>(IEnumerable<T> items) : List<T>(items), IDisposable
    where T : IDisposable
{
    public void Dispose()
    {
        foreach (T item in this) item.Dispose();
    }
}
