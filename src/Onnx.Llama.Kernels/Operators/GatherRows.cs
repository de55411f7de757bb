using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>The indices and the output of a lookup of rows of a matrix [N, K].</summary>
internal readonly unsafe struct GatherRows
{
    private readonly long* _indices;
    private readonly float* _output;
    private readonly int _n;
    private readonly int _k;

    private GatherRows(TensorView indices, float* output, int n, int k)
    {
        Count = checked((int)indices.Count);
        (_n, _k) = (n, k);
        _indices = (long*)indices.Data;
        _output = output;
    }

    /// <summary>How many rows are looked up.</summary>
    public int Count { get; }

    /// <summary>Reads the indices, input 0, and makes the output: float32 [.., K].</summary>
    public static GatherRows Start(KernelContext context, int n, int k)
    {
        TensorView indices = context.Input(0);
        Span<long> shape = stackalloc long[TensorView.MostDimensions + 1];
        int rank = indices.CopyShape(shape);
        shape[rank] = k;
        return new GatherRows(indices, (float*)context.Output(0, shape[..(rank + 1)]), n, k);
    }

    /// <summary>Which row of the matrix.</summary>
    /// <exception cref="KernelException">It has no such row.</exception>
    public int Index(int i)
    {
        long index = _indices[i] < 0 ? _indices[i] + _n : _indices[i];
        return index >= 0 && index < _n ? (int)index : throw new KernelException("index", $"is {_indices[i]}; expected {-_n} to {_n - 1}.");
    }

    /// <summary>Where it goes.</summary>
    public Span<float> Row(int i) => new(_output + ((long)i * _k), _k);
}
