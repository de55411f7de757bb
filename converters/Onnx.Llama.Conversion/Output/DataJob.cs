using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Output;

/// <summary>
/// A tensor of the data file: made a few rows at a time and written where the layout has its place. Rows may be made in any order, on any thread.
/// </summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Length of a row.</param>
internal abstract record DataJob(string Name, long Rows, int Columns)
{
    /// <summary>Bytes in the data file.</summary>
    public abstract long Bytes { get; }

    /// <summary>How it is stored, for people.</summary>
    public abstract string Form { get; }

    /// <summary>The checkpoint's tensors that it is made of.</summary>
    public virtual IEnumerable<TensorInfo> Tensors => [];

    /// <summary>Makes rows and writes them.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    public abstract void Write(SafeFileHandle file, long first, int count);
}

/// <summary>One byte, repeated.</summary>
internal sealed record FillJob(string Name, long Rows, int Columns, byte Value, ExternalRange Range) : DataJob(Name, Rows, Columns)
{
    public override long Bytes => Range.Length;

    public override string Form => "uint8";

    public override void Write(SafeFileHandle file, long first, int count)
    {
        using Scratch<byte> bytes = new(count * Columns);
        bytes.Span.Fill(Value);
        RandomAccess.Write(file, bytes.Span, Range.Offset + (first * Columns));
    }
}

/// <summary>Rows stored as float32.</summary>
internal sealed record Float32Job(string Name, RowSource Source, ExternalRange Range) : DataJob(Name, Source.Rows, Source.Columns)
{
    public override long Bytes => Range.Length;

    public override string Form => "float32";

    public override IEnumerable<TensorInfo> Tensors => Source.Tensors;

    public override void Write(SafeFileHandle file, long first, int count)
    {
        using Scratch<float> rows = new(count * Columns);
        Source.Read(first, rows.Span);
        RandomAccess.Write(file, MemoryMarshal.AsBytes(rows.Span), Range.Offset + (first * Columns * sizeof(float)));
    }
}

/// <summary>Rows stored as blocks: codes in one range, scales in another.</summary>
internal sealed record BlocksJob(string Name, RowSource Source, BlockFormat Format, ExternalRange Codes, ExternalRange Scales)
    : DataJob(Name, Source.Rows, Source.Columns)
{
    public override long Bytes => Codes.Length + Scales.Length;

    public override string Form => FormattableString.Invariant($"int{Format.Bits}, blocks of {Format.BlockSize}");

    public override IEnumerable<TensorInfo> Tensors => Source.Tensors;

    public override void Write(SafeFileHandle file, long first, int count)
    {
        int rowBytes = Format.RowBytes(Columns);
        int rowScales = Format.RowScales(Columns);
        using Scratch<float> rows = new(count * Columns);
        using Scratch<byte> codes = new(count * rowBytes);
        using Scratch<float> scales = new(count * rowScales);
        Source.Read(first, rows.Span);
        Quantize(first, rows.Span, codes.Span, scales.Span);
        RandomAccess.Write(file, codes.Span, Codes.Offset + (first * rowBytes));
        RandomAccess.Write(file, MemoryMarshal.AsBytes(scales.Span), Scales.Offset + (first * rowScales * sizeof(float)));
    }

    private void Quantize(long first, ReadOnlySpan<float> rows, Span<byte> codes, Span<float> scales)
    {
        try
        {
            BlockQuantizer.QuantizeRows(Format, rows, Columns, codes, scales);
        }
        catch (QuantizationException fault)
        {
            throw new ConversionException(
                Name,
                FormattableString.Invariant($"row {first + fault.Row}, column {fault.Column} is not finite; expected numbers. The checkpoint is damaged."),
                fault);
        }
    }
}
