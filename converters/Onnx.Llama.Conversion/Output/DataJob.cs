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

/// <summary>Rows stored as floating-point numbers of one type.</summary>
internal sealed record FloatsJob(string Name, RowSource Source, ElementType Type, ExternalRange Range) : DataJob(Name, Source.Rows, Source.Columns)
{
    public override long Bytes => Range.Length;

    public override string Form => FloatBytes.NameOf(Type);

    public override IEnumerable<TensorInfo> Tensors => Source.Tensors;

    public override void Write(SafeFileHandle file, long first, int count)
    {
        int size = FloatBytes.SizeOf(Type);
        using Scratch<float> rows = new(count * Columns);
        using Scratch<byte> bytes = new(count * Columns * size);
        Source.Read(first, rows.Span);
        int tooGreat = FloatBytes.Encode(Type, rows.Span, bytes.Span);
        if (tooGreat >= 0) throw TooGreat(first + (tooGreat / Columns), tooGreat % Columns, rows.Span[tooGreat]);
        RandomAccess.Write(file, bytes.Span, Range.Offset + (first * Columns * size));
    }

    private ConversionException TooGreat(long row, int column, float value) => new(
        Name, FormattableString.Invariant($"row {row}, column {column} is {value}; expected at most 65504, as float16 holds. Choose another --precision."));
}

/// <summary>Rows stored as blocks: codes in one range, scales in another, zero points in a third or implied.</summary>
internal sealed record BlocksJob(string Name, RowSource Source, StoredBlocks Stored) : DataJob(Name, Source.Rows, Source.Columns)
{
    public override long Bytes => Stored.Codes.Length + Stored.Scales.Length + (Stored.ZeroPoints?.Length ?? 0);

    public override string Form => FormattableString.Invariant($"int{Format.Bits}{(Format.IsSymmetric ? "" : "-asym")}, blocks of {Format.BlockSize}");

    private BlockFormat Format => Stored.Format;

    public override IEnumerable<TensorInfo> Tensors => Source.Tensors;

    public override void Write(SafeFileHandle file, long first, int count)
    {
        int rowBytes = Format.RowBytes(Columns);
        int rowScales = Format.RowScales(Columns);
        int rowZeroPoints = Format.IsSymmetric ? 0 : Format.RowZeroPointBytes(Columns);
        using Scratch<float> rows = new(count * Columns);
        using Scratch<byte> codes = new(count * rowBytes);
        using Scratch<float> scales = new(count * rowScales);
        using Scratch<byte> zeroPoints = new(count * rowZeroPoints);
        Source.Read(first, rows.Span);
        Quantize(first, rows.Span, codes.Span, scales.Span, zeroPoints.Span);
        RandomAccess.Write(file, codes.Span, Stored.Codes.Offset + (first * rowBytes));
        RandomAccess.Write(file, MemoryMarshal.AsBytes(scales.Span), Stored.Scales.Offset + (first * rowScales * sizeof(float)));
        if (Stored.ZeroPoints is { } range) RandomAccess.Write(file, zeroPoints.Span, range.Offset + (first * rowZeroPoints));
    }

    private void Quantize(long first, ReadOnlySpan<float> rows, Span<byte> codes, Span<float> scales, Span<byte> zeroPoints)
    {
        try
        {
            BlockQuantizer.QuantizeRows(Format, rows, Columns, codes, scales, zeroPoints);
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
