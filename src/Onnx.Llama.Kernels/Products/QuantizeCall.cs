using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Products;

/// <summary>Quantises rows of activations, a tile a part.</summary>
internal unsafe struct QuantizeCall : IParallelJob
{
    /// <summary>float32 [rows, columns].</summary>
    public float* Rows;

    public int Columns;

    public ActivationTiles Tiles;

    public QuantFormat Format;

    public byte* Into;

    public readonly void Run(int part) => ActivationQuantizer.Quantize(Processor.Current, Rows, Columns, Tiles, part, Format, Into);
}
