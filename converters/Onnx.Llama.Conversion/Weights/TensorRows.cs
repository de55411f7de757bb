using System.Buffers;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>A tensor of a checkpoint, read by position and decoded to float32.</summary>
internal sealed class TensorRows(Checkpoint checkpoint, TensorInfo tensor, long rows, int columns) : RowSource
{
    private readonly FloatFormat _format = FormatOf(tensor);

    public override long Rows => rows;

    public override int Columns => columns;

    public override IEnumerable<TensorInfo> Tensors => [tensor];

    public override void Read(long first, Span<float> destination)
    {
        int size = FloatFormats.SizeOf(_format);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(checked(destination.Length * size));
        Span<byte> source = bytes.AsSpan(0, destination.Length * size);
        try
        {
            checkpoint.Read(tensor, first * columns * size, source);
            FloatFormats.Decode(_format, source, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static FloatFormat FormatOf(TensorInfo tensor) => tensor.DType switch
    {
        DType.F32 => FloatFormat.Float32,
        DType.F16 => FloatFormat.Float16,
        DType.BF16 => FloatFormat.BFloat16,
        DType.F64 => FloatFormat.Float64,
        DType.F8_E4M3 => FloatFormat.Float8E4M3,
        DType.F8_E5M2 => FloatFormat.Float8E5M2,
        _ => throw new ConversionException(
            tensor.File,
            $"tensor '{tensor.Name}' is {tensor}; expected floating-point weights (F64, F32, F16, BF16, F8_E4M3, F8_E5M2). "
            + "Is the checkpoint quantised? Convert the original one."),
    };
}
