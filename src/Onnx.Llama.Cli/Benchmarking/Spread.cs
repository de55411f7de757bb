namespace Onnx.Llama.Cli.Benchmarking;

/// <summary>A figure measured several times.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(Math.Round(median, 3), Math.Round(sorted[0], 3), Math.Round(sorted[^1], 3));
    }

    /// <summary>"57.8 (56.1 to 58.3)".</summary>
    public override string ToString() => FormattableString.Invariant($"{Median:0.0} ({Min:0.0} to {Max:0.0})");
}
