using Onnx.Llama.Benchmarks.Engines;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>Times an open engine: once to warm up, once to see which threads compute and pin them, then the timings that count.</summary>
internal sealed class EngineTimer(IEngine engine, Scenario scenario, int generate, int repeat)
{
    // Random weights take any id below the smallest vocabulary measured; a stride that no cache of prefixes profits from.
    private readonly int[] _prompt = [.. Enumerable.Range(0, scenario.Prompt).Select(i => 1 + (int)(i * 7919L % 40000))];

    /// <summary>The median of the timings, in tokens per second.</summary>
    public Figure Measure(IReadOnlyList<int> cpus)
    {
        bool decode = scenario.Kind == ScenarioKind.Decode;
        if (decode) Prefill();
        Once();
        if (decode) engine.Rewind();
        ThreadPinning.Pin(cpus, () => Once());
        List<double> rates = [];
        double others = 0;
        for (int i = 0; i < repeat; i++)
        {
            if (decode) engine.Rewind();
            Disturbance disturbance = new();
            rates.Add(Once());
            others = Math.Max(others, disturbance.OtherCores());
        }

        return new Figure(Spread.Of(rates).Median, others);

        double Once() => decode ? generate * scenario.Sequences / engine.Decode(generate) : _prompt.Length / Prefill();
    }

    private double Prefill() => engine.Prefill(_prompt, scenario.Sequences, generate);
}
