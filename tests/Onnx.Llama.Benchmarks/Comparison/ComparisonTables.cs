using System.Globalization;
using System.Text;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>A comparison's results as Markdown.</summary>
internal static class ComparisonTables
{
    private const string Reading = "read";

    /// <summary>The whole page.</summary>
    public static string Write(ComparisonResults results)
    {
        StringBuilder text = new();
        (MachineFacts machine, ComparisonSettings settings) = (results.Machine, results.Settings);
        int disturbed = results.Measurements.Count(measurement => measurement.OtherCores > settings.Busy);
        text.Append(CultureInfo.InvariantCulture,
            $"""
            # CPU engines beside each other: {machine.Processor}, {machine.Cpus} CPUs

            Written by `eng/benchmarks/run`. {settings.Threads} threads, each pinned to a core of its own; every figure from a process of its own, engines in turn, {settings.Rounds} rounds; medians (least to
            greatest); ratios are medians of each round's own, above 1 where the engine is the better one. In a process: a warm-up, then the median of {settings.Repeat} timings ({settings.Generate} tokens each where it generates).
            A figure during which others took more than {settings.Busy:0.0#} cores is discarded and measured again, {settings.Tries} times at most: {results.Measurements.Sum(measurement => measurement.Discarded)} were, and {disturbed} of {results.Measurements.Count} counted all the same.

            Instruction sets: {string.Join(' ', machine.Instructions)}. ONNX Runtime {machine.OnnxRuntime}, OnnxRuntimeGenAI {machine.GenAi}, llama.cpp {machine.LlamaCpp ?? "not measured"}, {machine.DotNet}, {machine.System}.

            - `ours`: this project's host and kernels; `ours-avx2`: the same, forced to 256-bit vectors without VNNI; `stock`: the host with ONNX Runtime's own operators, sequences sharing runs; `bare`: a loop over ONNX Runtime.
            - `read`: nothing but reading as many bytes as a step's weights take, with vector loads; its "tokens/s" bound decoding. Share of read: an engine's tokens/s over it, whatever the engine's own bytes.
            - Load: from opening the model to the first token after a prompt of one, with files in the system's cache and the engine's own cache made; the start of the runtime (.NET, Node) is not counted, nor node-llama-cpp's
              choice of its library; memory is the whole process's.


            """);
        foreach (ModelFacts model in results.Models) Append(text, model, results);
        return text.ToString().TrimEnd() + "\n";
    }

    private static void Append(StringBuilder text, ModelFacts model, ComparisonResults results)
    {
        Measurement[] measured = [.. results.Measurements.Where(measurement => measurement.Shape == model.Shape && measurement.Precision == model.Precision)];
        string gguf = model.GgufBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", GGUF {bytes / 1e6:0} MB") : "";
        text.Append(CultureInfo.InvariantCulture, $"## {model.Shape}, {model.Precision}\n\nWeights that a step reads {model.StepBytes / 1e6:0} MB; folder {model.FolderBytes / 1e6:0} MB{gguf}.");
        Measurement[] reads = [.. measured.Where(measurement => measurement.Engine == Reading)];
        if (reads.Length > 0) text.Append(CultureInfo.InvariantCulture, $" Plain read {Spread.Of(reads.Select(read => read.Value * model.StepBytes / 1e9))} GB/s.");
        foreach ((string engine, string why) in model.LeftOut) text.Append(CultureInfo.InvariantCulture, $" Left out: {engine} ({why.ReplaceLineEndings(" ")}).");
        text.Append("\n\n| scenario | engine | tokens/s | ratio to llama.cpp | share of read |\n|---|---|---|---|---|\n");
        foreach (IGrouping<(string Scenario, string Engine), Measurement> row in Rows(measured, ScenarioKind.Decode, ScenarioKind.Prefill))
        {
            string share = Ratio(row, Of(measured, row.Key.Scenario, Reading), (own, other) => own / other);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Scenario} | {row.Key.Engine} | {Spread.Of(row.Select(figure => figure.Value))} | ");
            text.Append(CultureInfo.InvariantCulture, $"{Ratio(row, Of(measured, row.Key.Scenario, LlamaCppContestant.EngineName), (own, other) => own / other)} | {share} |\n");
        }

        text.Append('\n');
        AppendLoads(text, measured);
    }

    private static void AppendLoads(StringBuilder text, Measurement[] measured)
    {
        IGrouping<(string Scenario, string Engine), Measurement>[] rows = [.. Rows(measured, ScenarioKind.Load)];
        if (rows.Length == 0) return;
        text.Append("| load | seconds | ratio to llama.cpp | peak resident MB | its anonymous part MB |\n|---|---|---|---|---|\n");
        foreach (IGrouping<(string Scenario, string Engine), Measurement> row in rows)
        {
            Spread seconds = Spread.Of(row.Select(figure => figure.Value));
            string ratio = Ratio(row, Of(measured, row.Key.Scenario, LlamaCppContestant.EngineName), (own, other) => other / own);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Engine} | {seconds.Median:0.00} ({seconds.Min:0.00} to {seconds.Max:0.00}) | {ratio} | ");
            text.Append(CultureInfo.InvariantCulture, $"{Megabytes(figure => figure.PeakResidentBytes)} | {Megabytes(figure => figure.PeakAnonymousBytes)} |\n");

            string Megabytes(Func<Measurement, long?> of) => string.Create(CultureInfo.InvariantCulture, $"{Spread.Of(row.Select(figure => (of(figure) ?? 0) / 1e6)).Median:0}");
        }

        text.Append('\n');
    }

    private static IEnumerable<IGrouping<(string Scenario, string Engine), Measurement>> Rows(Measurement[] measured, params ScenarioKind[] kinds) => measured
        .Where(measurement => kinds.Contains(Scenario.Named(measurement.Scenario).Kind))
        .GroupBy(measurement => (measurement.Scenario, measurement.Engine));

    private static Dictionary<int, double> Of(Measurement[] measured, string scenario, string engine) => measured
        .Where(measurement => measurement.Scenario == scenario && measurement.Engine == engine)
        .ToDictionary(measurement => measurement.Round, measurement => measurement.Value);

    private static string Ratio(IEnumerable<Measurement> row, Dictionary<int, double> others, Func<double, double, double> ratio)
    {
        double[] ratios = [.. row.Where(figure => others.ContainsKey(figure.Round)).Select(figure => ratio(figure.Value, others[figure.Round]))];
        if (ratios.Length == 0) return "";
        Spread spread = Spread.Of(ratios);
        return string.Create(CultureInfo.InvariantCulture, $"{spread.Median:0.00} ({spread.Min:0.00} to {spread.Max:0.00})");
    }
}
