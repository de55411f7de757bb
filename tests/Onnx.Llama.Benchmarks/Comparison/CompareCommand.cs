using System.CommandLine;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary><c>compare WORK</c>: engines beside each other on models of random weights; writes a page of results and their data.</summary>
internal static class CompareCommand
{
    private static readonly OwnContestant[] s_own =
    [
        new("ours", "ours"), new("ours-avx2", "ours", "avx2"), new("stock", "stock"), new("bare", "bare"), new("genai", "genai"), new("read", "read"),
    ];

    private static readonly string[] s_usual = ["ours", "ours-avx2", "stock", "genai", LlamaCppContestant.EngineName, "read"];

    public static Command Create()
    {
        Argument<DirectoryInfo> work = new("WORK") { Description = "Where models are made and kept: 4 GB and more." };
        Option<DirectoryInfo> benchmarks = new("--benchmarks") { Description = "The folder of the shapes' configs, and of results.", Required = true };
        Option<DirectoryInfo?> peer = new("--peer") { Description = "llama.cpp's folder (bench.mjs, pin.so, gen_gguf.py, node_modules); left out without it." };
        Option<string[]> shapes = Several("--shapes", "Shapes.", [.. Shape.All.Select(shape => shape.Name)], [.. Shape.All.Select(shape => shape.Name)]);
        Option<string[]> precisions = Several("--precisions", "As convert knows them, -bN after one for blocks of N.", ["int4"], null);
        Option<string[]> engines = Several("--engines", "Engines.", s_usual, [.. s_own.Select(own => own.Name), LlamaCppContestant.EngineName]);
        Option<string[]> scenarios = Several("--scenarios", "What to measure.", Scenario.Names, Scenario.Names);
        Option<string> name = new("--name") { Description = "The results' file name, without its end.", DefaultValueFactory = _ => MachineFacts.FileName() };
        Option<int> threads = new("--threads") { Description = "Threads, each on a core of its own.", DefaultValueFactory = _ => 2 };
        Option<int> rounds = new("--rounds") { Description = "Processes of each engine per scenario.", DefaultValueFactory = _ => 5 };
        Option<int> generate = new("--generate") { Description = "Tokens of one timing of generation.", DefaultValueFactory = _ => 64 };
        Option<int> repeat = new("--repeat") { Description = "Timings in a process; their median counts.", DefaultValueFactory = _ => 3 };
        Option<double> busy = new("--busy") { Description = "Cores that others may take before a figure is discarded.", DefaultValueFactory = _ => 0.2 };
        Option<int> tries = new("--tries") { Description = "Tries before the least disturbed one counts.", DefaultValueFactory = _ => 5 };
        Command command = new("compare", "Compare engines, each figure from a process of its own.")
        {
            work, benchmarks, peer, shapes, precisions, engines, scenarios, name, threads, rounds, generate, repeat, busy, tries,
        };
        command.SetAction(parsed =>
        {
            string? llamaCpp = parsed.GetValue(peer)?.FullName;
            string results = parsed.GetRequiredValue(benchmarks).FullName;
            ComparisonSettings settings = new(
                parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(generate),
                parsed.GetValue(repeat), parsed.GetValue(busy), parsed.GetValue(tries));
            Contestant[] contestants = [.. Contestants(parsed.GetRequiredValue(engines), llamaCpp)];
            InterleavedRun run = new(contestants, [.. parsed.GetRequiredValue(scenarios).Select(Scenario.Named)], settings);
            foreach (Shape shape in Shape.All.Where(shape => parsed.GetRequiredValue(shapes).Contains(shape.Name)))
            {
                foreach (string precision in parsed.GetRequiredValue(precisions))
                {
                    ComparedModel model = ComparedModel.Make(shape, precision, parsed.GetRequiredValue(work).FullName, results, llamaCpp);
                    run.Measure(model, () => Save(run, contestants, settings, Path.Combine(results, parsed.GetRequiredValue(name))));
                }
            }
        });
        return command;
    }

    private static IEnumerable<Contestant> Contestants(string[] names, string? peer)
    {
        foreach (string name in names)
        {
            if (name == LlamaCppContestant.EngineName)
            {
                if (peer is not null) yield return new LlamaCppContestant(peer);
                else Console.Error.WriteLine("llama.cpp is left out: no --peer.");
            }
            else if (name == "ours-avx2" && Processor.Supported[^1] <= InstructionSet.Avx2)
            {
                Console.Error.WriteLine("ours-avx2 is left out: the best form here is no more than that.");
            }
            else
            {
                yield return s_own.First(own => own.Name == name);
            }
        }
    }

    private static void Save(InterleavedRun run, Contestant[] contestants, ComparisonSettings settings, string path)
    {
        string? llamaCpp = contestants.OfType<LlamaCppContestant>().FirstOrDefault()?.Version;
        ComparisonResults results = new(MachineFacts.Of(llamaCpp), settings, run.Models, run.Measurements);
        File.WriteAllText($"{path}.json", results.ToJson());
        File.WriteAllText($"{path}.md", ComparisonPage.Write(results));
    }

    private static Option<string[]> Several(string name, string description, string[] usual, string[]? known)
    {
        Option<string[]> option = new(name) { Description = description, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => usual };
        if (known is not null) option.AcceptOnlyFromAmong(known);
        return option;
    }
}
