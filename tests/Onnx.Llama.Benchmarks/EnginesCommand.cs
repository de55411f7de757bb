using System.CommandLine;
using System.Globalization;
using Onnx.Llama.Benchmarks.Engines;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks;

/// <summary><c>engines MODEL</c>: this project's host beside others on the same folder, in turns within one process.</summary>
internal static class EnginesCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "A converted folder." };
        Option<int> prompt = new("--prompt") { Description = "Tokens of the prompt.", DefaultValueFactory = _ => 512 };
        Option<int> generate = new("--generate") { Description = "Tokens generated after it.", DefaultValueFactory = _ => 64 };
        Option<int> rounds = new("--rounds") { Description = "Rounds of one run of each.", DefaultValueFactory = _ => 15 };
        Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Command command = new("engines", "Compare the host with a bare loop and with OnnxRuntimeGenAI on one folder.") { model, prompt, generate, rounds, threads };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetValue(prompt), parsed.GetValue(generate), parsed.GetValue(rounds), parsed.GetValue(threads)));
        return command;
    }

    private static void Run(string folder, int prompt, int generate, int rounds, int threads)
    {
        HostEngine host = new(folder, threads);
        IEngine[] engines = [host, new BareEngine(folder, threads), new GenAiEngine(folder)];
        int[] ids = [.. Enumerable.Range(0, prompt).Select(i => i * 7919 % host.VocabularySize)];
        foreach (IEngine engine in engines) engine.Run(ids, 8);
        List<(double Prefill, double Decode)[]> results = [];
        for (int round = 0; round < rounds; round++)
        {
            // Every round begins with another engine, so that none always follows the same one.
            (double Prefill, double Decode)[] result = new (double, double)[engines.Length];
            for (int i = 0; i < engines.Length; i++)
            {
                int turn = (round + i) % engines.Length;
                result[turn] = engines[turn].Run(ids, generate);
            }

            results.Add(result);
        }

        Console.WriteLine($"{Processor.Name}, {threads} threads, ONNX Runtime {LanguageModel.RuntimeVersion}, {rounds} interleaved rounds, medians (least to greatest)");
        Console.WriteLine("| engine | prefill tokens/s | decode tokens/s | prefill, ours / it | decode, ours / it |");
        Console.WriteLine("|---|---|---|---|---|");
        for (int i = 0; i < engines.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {engines[i].Name} | {Of(r => prompt / r[i].Prefill)} | {Of(r => generate / r[i].Decode)} | {Ratio(r => r[i].Prefill / r[0].Prefill)} | {Ratio(r => r[i].Decode / r[0].Decode)} |"));
        }

        foreach (IEngine engine in engines) engine.Dispose();

        Spread Of(Func<(double Prefill, double Decode)[], double> figure) => Spread.Of(results.Select(figure));

        string Ratio(Func<(double Prefill, double Decode)[], double> figure)
        {
            Spread spread = Of(figure);
            return string.Create(CultureInfo.InvariantCulture, $"{spread.Median:0.000} ({spread.Min:0.000} to {spread.Max:0.000})");
        }
    }
}
