using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>One product of float32 activations [rows, K] and a packed matrix [N, K], in parts that are ranges of groups of its rows.</summary>
internal unsafe struct DenseCall : IParallelJob
{
    public byte* Weights;

    public DenseMatrix Shape;

    public ScaleRange Range;

    /// <summary>float32 [rows, K].</summary>
    public float* Input;

    public int Rows;

    /// <summary>float32 [rows, N].</summary>
    public float* Output;

    public int Parts;

    /// <summary>The code that runs it.</summary>
    public delegate*<ref DenseCall, int, int, void> Code;

    public void Run(int part)
    {
        int groups = Shape.Groups;
        Code(ref this, (int)((long)groups * part / Parts), (int)((long)groups * (part + 1) / Parts));
    }

    /// <summary>Writes results of a group: float32 [rows, lanes].</summary>
    public readonly void Write(int group, int row, int rows, float* results)
    {
        int first = group * Shape.Lanes;
        int count = Math.Min(Shape.Lanes, Shape.N - first);
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(results + (i * Shape.Lanes), count).CopyTo(new Span<float>(Output + ((long)(row + i) * Shape.N) + first, count));
        }
    }
}
