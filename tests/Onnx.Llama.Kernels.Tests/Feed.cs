using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>Inputs of a graph by name.</summary>
internal sealed class Feed : IDisposable
{
    private readonly Dictionary<string, OrtValue> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, OrtValue> Values => _values;

    public Feed With<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        if (_values.Remove(name, out OrtValue? old)) old.Dispose();
        _values.Add(name, OrtNode.Tensor(values, shape));
        return this;
    }

    public void Dispose()
    {
        foreach (OrtValue value in _values.Values) value.Dispose();
    }
}
