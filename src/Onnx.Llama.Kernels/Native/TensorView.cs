namespace Onnx.Llama.Kernels.Native;

/// <summary>A tensor of ONNX Runtime's, of up to six dimensions, valid while its kernel runs or, for a constant, as long as the session.</summary>
internal readonly unsafe struct TensorView
{
    public const int MostDimensions = 6;

    private readonly Dimensions _dimensions;

    public TensorView(nint value)
    {
        Data = OrtApi.Data(value);
        Rank = OrtApi.Shape(value, _dimensions);
    }

    /// <summary>The first element; null for a tensor that is not there.</summary>
    public void* Data { get; }

    public bool IsThere => Data is not null;

    public int Rank { get; }

    public long Count
    {
        get
        {
            long count = 1;
            for (int i = 0; i < Rank; i++) count *= _dimensions[i];
            return count;
        }
    }

    public long this[int axis] => _dimensions[axis < 0 ? axis + Rank : axis];

    /// <summary>Copies the dimensions; how many there are.</summary>
    public int CopyShape(Span<long> into)
    {
        ((ReadOnlySpan<long>)_dimensions)[..Rank].CopyTo(into);
        return Rank;
    }

    public override string ToString()
    {
        Span<long> shape = stackalloc long[MostDimensions];
        return $"[{string.Join(", ", shape[..CopyShape(shape)].ToArray())}]";
    }

    [System.Runtime.CompilerServices.InlineArray(MostDimensions)]
    private struct Dimensions
    {
        private long _first;
    }
}
