using System.Globalization;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>The figures of one engine in one scenario.</summary>
/// <param name="Scenario">What was measured.</param>
/// <param name="Engine">Of what.</param>
/// <param name="Figures">One of each round.</param>
internal sealed record TableRow(string Scenario, string Engine, Measurement[] Figures)
{
    /// <summary>The figures' spread.</summary>
    public Spread Values => Spread.Of(Figures.Select(figure => figure.Value));

    /// <summary>How it stands to another engine, round by round: above 1 where it is better; empty where the other has no figures.</summary>
    public string Over(string other, Measurement[] all, bool lessIsBetter)
    {
        Dictionary<int, double> others = all
            .Where(measurement => measurement.Scenario == Scenario && measurement.Engine == other)
            .ToDictionary(measurement => measurement.Round, measurement => measurement.Value);
        double[] ratios = [.. Figures.Where(figure => others.ContainsKey(figure.Round)).Select(Ratio)];
        return ratios.Length == 0 ? "" : Fine(Spread.Of(ratios));

        double Ratio(Measurement figure) => lessIsBetter ? others[figure.Round] / figure.Value : figure.Value / others[figure.Round];
    }

    /// <summary>The median of something in megabytes.</summary>
    public string Megabytes(Func<Measurement, long?> of) =>
        string.Create(CultureInfo.InvariantCulture, $"{Spread.Of(Figures.Select(figure => (of(figure) ?? 0) / 1e6)).Median:0}");

    /// <summary>"2 of 5" of its figures were measured while others were busy; empty for none.</summary>
    public string Disturbed(double busy)
    {
        int count = Figures.Count(figure => figure.OtherCores > busy);
        return count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} of {Figures.Length}");
    }

    /// <summary>A spread to two places: "1.84 (1.79 to 1.90)".</summary>
    public static string Fine(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.Median:0.00} ({spread.Min:0.00} to {spread.Max:0.00})");
}
