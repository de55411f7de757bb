using System.Globalization;
using System.Text;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>The tables of one model: speeds, and loads.</summary>
internal static class ComparisonTables
{
    private const string Reading = "read";

    /// <summary>Appends a model's section.</summary>
    public static void Append(StringBuilder text, ModelFacts model, ComparisonResults results)
    {
        Measurement[] all = [.. results.Measurements.Where(measurement => measurement.Shape == model.Shape && measurement.Precision == model.Precision)];
        text.Append(CultureInfo.InvariantCulture, $"## {model.Shape}, {model.Precision}\n\n");
        AppendFacts(text, model, [.. all.Where(measurement => measurement.Engine == Reading)]);
        AppendSpeeds(text, all, results.Settings.Busy);
        AppendLoads(text, all, results.Settings.Busy);
    }

    private static void AppendFacts(StringBuilder text, ModelFacts model, Measurement[] reads)
    {
        text.Append(CultureInfo.InvariantCulture, $"Weights that a step reads {model.StepBytes / 1e6:0} MB; folder {model.FolderBytes / 1e6:0} MB");
        if (model.GgufBytes is { } bytes) text.Append(CultureInfo.InvariantCulture, $", GGUF {bytes / 1e6:0} MB");
        text.Append('.');
        Spread? bandwidth = reads.Length == 0 ? null : Spread.Of(reads.Select(read => read.Value * model.StepBytes / 1e9));
        if (bandwidth is not null) text.Append(CultureInfo.InvariantCulture, $" Plain read {bandwidth} GB/s.");
        foreach ((string engine, string why) in model.LeftOut) text.Append(CultureInfo.InvariantCulture, $" Left out: {engine} ({why}).");
        text.Append("\n\n");
    }

    private static void AppendSpeeds(StringBuilder text, Measurement[] all, double busy)
    {
        TableRow[] rows = [.. Rows(all, ScenarioKind.Decode, ScenarioKind.Prefill)];
        if (rows.Length == 0) return;
        text.Append("| scenario | engine | tokens/s | ratio to llama.cpp | share of read | disturbed |\n|---|---|---|---|---|---|\n");
        foreach (TableRow row in rows)
        {
            string ratio = row.Over(LlamaCppContestant.EngineName, all, lessIsBetter: false);
            string share = row.Over(Reading, all, lessIsBetter: false);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Scenario} | {row.Engine} | {row.Values} | {ratio} | {share} | {row.Disturbed(busy)} |\n");
        }

        text.Append('\n');
    }

    private static void AppendLoads(StringBuilder text, Measurement[] all, double busy)
    {
        TableRow[] rows = [.. Rows(all, ScenarioKind.Load)];
        if (rows.Length == 0) return;
        text.Append("| load | seconds | ratio to llama.cpp | peak resident MB | its anonymous part MB | disturbed |\n|---|---|---|---|---|---|\n");
        foreach (TableRow row in rows)
        {
            string ratio = row.Over(LlamaCppContestant.EngineName, all, lessIsBetter: true);
            string memory = $"{row.Megabytes(figure => figure.PeakResidentBytes)} | {row.Megabytes(figure => figure.PeakAnonymousBytes)}";
            text.Append(CultureInfo.InvariantCulture, $"| {row.Engine} | {TableRow.Fine(row.Values)} | {ratio} | {memory} | {row.Disturbed(busy)} |\n");
        }

        text.Append('\n');
    }

    private static IEnumerable<TableRow> Rows(Measurement[] all, params ScenarioKind[] kinds) => all
        .Where(measurement => kinds.Contains(Scenario.Named(measurement.Scenario).Kind))
        .GroupBy(measurement => (measurement.Scenario, measurement.Engine))
        .OrderBy(group => Array.IndexOf(Scenario.Names, group.Key.Scenario))
        .Select(group => new TableRow(group.Key.Scenario, group.Key.Engine, [.. group]));
}
