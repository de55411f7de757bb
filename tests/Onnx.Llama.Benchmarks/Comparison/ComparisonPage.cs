using System.Globalization;
using System.Text;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>A comparison's results as a page of Markdown: how it was measured, what its words mean, a section for each model.</summary>
internal static class ComparisonPage
{
    /// <summary>The whole page.</summary>
    public static string Write(ComparisonResults results)
    {
        (MachineFacts machine, ComparisonSettings settings) = (results.Machine, results.Settings);
        int discarded = results.Measurements.Sum(measurement => measurement.Discarded);
        int disturbed = results.Measurements.Count(measurement => measurement.OtherCores > settings.Busy);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"""
            # CPU engines beside each other: {machine.Processor}, {machine.Cpus} CPUs

            Written by `eng/benchmarks/run`. {settings.Threads} threads, each pinned to a core of its own; every figure from a process of its own, engines in
            turn, {settings.Rounds} rounds; medians (least to greatest); ratios are medians of each round's own, above 1 where the engine is the better one.
            In a process: a warm-up, then the median of {settings.Repeat} timings, of {settings.Generate} tokens each where it generates.
            A figure during which others took more than {settings.Busy:0.0#} cores is discarded and measured again, {settings.Tries} times at most and then
            the least disturbed one counts: {discarded} were discarded, and {disturbed} of {results.Measurements.Count} counted all the same (last column).

            Instruction sets: {string.Join(' ', machine.Instructions)}.
            ONNX Runtime {machine.OnnxRuntime}, OnnxRuntimeGenAI {machine.GenAi}, llama.cpp {machine.LlamaCpp ?? "not measured"}, {machine.DotNet},
            {machine.System}.

            - `ours`: this project's host and kernels; `ours-avx2`: the same, forced to 256-bit vectors without VNNI; `stock`: the host with ONNX Runtime's own
              operators, sequences sharing runs; `bare`: a loop over ONNX Runtime; `genai`: OnnxRuntimeGenAI; `llama.cpp`: weights repacked at load.
            - `read`: nothing but reading as many bytes as a step's weights take, with vector loads; its tokens/s bound decoding.
              Share of read: an engine's tokens/s over it, whatever the engine's own bytes.
            - Load: from opening the model to the first token after a prompt of one, with files in the system's cache and the engine's own cache made. The start
              of .NET or Node is not counted, nor node-llama-cpp's choice of its library. Memory is the whole process's.


            """);
        foreach (ModelFacts model in results.Models) ComparisonTables.Append(text, model, results);
        return text.ToString().TrimEnd() + "\n";
    }
}
