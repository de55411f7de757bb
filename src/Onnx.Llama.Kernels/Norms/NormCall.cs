using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Norms;

/// <summary>
/// One call of RMSNorm (arXiv:1910.07467) or LayerNorm (arXiv:1607.06450), float32, with or without a residual sum before it: SimplifiedLayerNormalization,
/// LayerNormalization and their Skip forms. A row's bits do not depend on the others.
/// </summary>
internal unsafe struct NormCall
{
    /// <summary>Floats in a task: less is not worth waking a thread.</summary>
    private const int FloatsPerTask = 16 * 1024;

    public InstructionSet Form;

    public int Rows;

    public int Width;

    /// <summary>The mean is subtracted first: LayerNorm. Otherwise RMSNorm.</summary>
    public bool Centered;

    public float Epsilon;

    /// <summary>float32 [rows, width].</summary>
    public float* Input;

    /// <summary>float32 [rows, width], added to the input; null: none.</summary>
    public float* Skip;

    /// <summary>Rows of the skip, which come again from the front where there are fewer than of the input; 0: as many.</summary>
    public int SkipRows;

    /// <summary>float32 [width], added to the sum of input and skip; null: none.</summary>
    public float* SkipBias;

    /// <summary>float32 [width].</summary>
    public float* Weight;

    /// <summary>float32 [width]; null: none.</summary>
    public float* Bias;

    /// <summary>float32 [rows, width]; may be the input or the skip.</summary>
    public float* Output;

    /// <summary>float32 [rows, width]: input + skip + skip bias; null: not asked for. May be the input or the skip, not the output.</summary>
    public float* Sum;

    /// <summary>Tasks, each a block of rows.</summary>
    public readonly int Tasks => (Rows + RowsPerTask - 1) / RowsPerTask;

    private readonly int RowsPerTask => Math.Max(1, FloatsPerTask / Width);

    public readonly void Run(int task)
    {
        int from = task * RowsPerTask;
        int to = Math.Min(Rows, from + RowsPerTask);
        for (int row = from; row < to; row++) Run(new NormRow(in this, row));
    }

    private readonly void Run(NormRow row)
    {
        switch (Form)
        {
            case InstructionSet.Scalar:
                ScalarNorm.Run(in this, row);
                break;
            case InstructionSet.Arm:
                LanesNorm<Lanes128, Vector128<float>>.Run(in this, row);
                break;
            case InstructionSet.Avx512 when Vector512.IsHardwareAccelerated:
                LanesNorm<Lanes512, Vector512<float>>.Run(in this, row);
                break;
            default:
                LanesNorm<Lanes256, Vector256<float>>.Run(in this, row);
                break;
        }
    }
}
