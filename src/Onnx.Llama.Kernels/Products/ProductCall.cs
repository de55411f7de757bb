using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Products;

/// <summary>One product of quantised activations [rows, K] and a packed matrix [N, K], in parts that are ranges of groups of its rows.</summary>
internal unsafe struct ProductCall : IParallelJob
{
    /// <summary>The packed matrix; where gated, groups of the gate's and the other's rows take turns.</summary>
    public byte* Weights;

    public PackedMatrix Shape;

    /// <summary><see cref="ScaleRange.Factor"/>.</summary>
    public float ScaleFactor;

    public byte* Activations;

    public ActivationTiles Tiles;

    /// <summary>float32 [rows, N].</summary>
    public float* Output;

    public Gate Gate;

    public InstructionSet Form;

    public int Parts;

    /// <summary>The code that runs it.</summary>
    public delegate*<ref ProductCall, int, int, void> Range;

    /// <summary>Matrices in <see cref="Weights"/>.</summary>
    public readonly int Matrices => Gate == Gate.None ? 1 : 2;

    public void Run(int part)
    {
        int groups = Shape.Groups;
        Range(ref this, (int)((long)groups * part / Parts), (int)((long)groups * (part + 1) / Parts));
    }
}
