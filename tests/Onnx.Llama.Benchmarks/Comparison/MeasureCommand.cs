using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Onnx.Llama.Benchmarks.Engines;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary><c>measure ENGINE MODEL SCENARIO</c>: one figure of one engine in a process of its own, as JSON; <c>compare</c> starts these.</summary>
internal static class MeasureCommand
{
    /// <summary>The host with its own kernels, with ONNX Runtime's, a bare loop, OnnxRuntimeGenAI, and reading alone.</summary>
    public static string[] Engines { get; } = ["ours", "stock", "bare", "genai", "read"];

    public static Command Create()
    {
        Argument<string> engine = new Argument<string>("ENGINE") { Description = "Whose figure." }.AcceptOnlyFromAmong(Engines);
        Argument<string> model = new("MODEL") { Description = "A converted folder." };
        Argument<string> scenario = new Argument<string>("SCENARIO") { Description = "What to measure." }.AcceptOnlyFromAmong(Scenario.Names);
        Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<int> generate = new("--generate") { Description = "Tokens of one timing of generation.", DefaultValueFactory = _ => 64 };
        Option<int> repeat = new("--repeat") { Description = "Timings; their median counts.", DefaultValueFactory = _ => 3 };
        Option<long> bytes = new("--bytes") { Description = "Bytes that reading alone reads for a token." };
        Command command = new("measure", "Measure one engine.") { engine, model, scenario, threads, generate, repeat, bytes };
        command.SetAction(parsed =>
        {
            IReadOnlyList<int> cpus = Linux.OneCpuPerCore(parsed.GetValue(threads));
            Scenario what = Scenario.Named(parsed.GetRequiredValue(scenario));
            long start = Stopwatch.GetTimestamp();
            using IEngine opened = Open(parsed.GetRequiredValue(engine), parsed.GetRequiredValue(model), cpus, parsed.GetValue(bytes));
            Figure figure = what.Kind == ScenarioKind.Load
                ? Load(opened, start)
                : new EngineTimer(opened, what, parsed.GetValue(generate), parsed.GetValue(repeat)).Measure(cpus);
            Console.WriteLine(JsonSerializer.Serialize(figure, ComparisonJson.Default.Figure));
        });
        return command;
    }

    private static IEngine Open(string engine, string folder, IReadOnlyList<int> cpus, long bytes) => engine switch
    {
        "ours" => new HostEngine(folder, new ModelOptions { Provider = Provider.Cpu, Threads = cpus.Count }),
        // Sequences that share a run are the best that stock operators can do, even where their last bits then depend on company.
        "stock" => new HostEngine(folder, new ModelOptions { Provider = Provider.Cpu, Kernels = KernelChoice.Stock, Threads = cpus.Count, BatchInvariant = false }),
        "bare" => new BareEngine(folder, cpus.Count),
        "genai" => new GenAiEngine(folder, cpus.Count),
        _ => new PlainRead(bytes, cpus),
    };

    private static Figure Load(IEngine engine, long start)
    {
        engine.Prefill([1], 1, 1);
        return new Figure(Stopwatch.GetElapsedTime(start).TotalSeconds, 0);
    }
}
