namespace Onnx.Llama.Quantization;

/// <summary>Weights that cannot be quantised: one of them is NaN or infinite.</summary>
public sealed class QuantizationException : Exception
{
    /// <summary>A weight that is not finite.</summary>
    public QuantizationException(int row, int column, float value)
        : base(FormattableString.Invariant(
            $"The weight in row {row}, column {column} is {value}; expected a finite number. Check the checkpoint, or leave this tensor unquantised."))
    {
        Row = row;
        Column = column;
    }

    /// <summary>The row, counted from 0 in the span given.</summary>
    public int Row { get; }

    /// <summary>The column, counted from 0.</summary>
    public int Column { get; }
}
