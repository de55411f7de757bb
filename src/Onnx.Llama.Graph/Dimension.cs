using System.Globalization;

namespace Onnx.Llama.Graph;

/// <summary>One dimension of a graph's input or output: a length, or a name for one that differs from run to run.</summary>
public readonly record struct Dimension
{
    private Dimension(long length, string? symbol) => (Length, Symbol) = (length, symbol);

    /// <summary>The length; 0 where <see cref="Symbol"/> stands for it.</summary>
    public long Length { get; }

    /// <summary>The name of an open dimension, else null.</summary>
    public string? Symbol { get; }

    /// <summary>A fixed length.</summary>
    public static implicit operator Dimension(long length) => new(length, null);

    /// <summary>A named, open dimension.</summary>
    public static implicit operator Dimension(string symbol) => new(0, symbol);

    /// <summary>The length or the name.</summary>
    public override string ToString() => Symbol ?? Length.ToString(CultureInfo.InvariantCulture);
}
