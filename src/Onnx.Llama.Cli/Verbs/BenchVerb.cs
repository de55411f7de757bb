using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Onnx.Llama.Cli.Benchmarking;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Inspection;
using Onnx.Llama.Cli.Opening;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>bench MODEL</c>: prompt and generation speed, time to the first token, load time, memory.</summary>
internal static class BenchVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Argument<string> folder = CommonOptions.Folder("MODEL", "The converted model's folder.");
        Option<int?> prompt = CommonOptions.Positive("--prompt", "Tokens of the prompt (512).");
        Option<int?> generate = CommonOptions.Positive("--generate", "Tokens to generate (128).");
        Option<int?> depth = CommonOptions.AtLeast("--depth", 0, "Tokens in the cache before the prompt (0).");
        Option<int?> batch = CommonOptions.Positive("--batch", "Sequences that generate together (1).");
        Option<int?> repeat = CommonOptions.Positive("--repeat", "Runs; medians are reported (5).");
        RuntimeArguments runtime = new();
        Option<bool> invariant = new("--batch-invariant") { Description = "Let sequences take turns where sharing a run would round them differently." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("bench", "Measure a model's speed and memory.") { folder, prompt, generate, depth, batch, repeat };
        runtime.AddTo(command);
        command.Add(invariant);
        command.Add(json);
        command.SetAction((parsed, _) =>
        {
            BenchmarkSettings settings = new(
                parsed.GetValue(prompt) ?? 512, parsed.GetValue(generate) ?? 128, parsed.GetValue(depth) ?? 0, parsed.GetValue(batch) ?? 1, parsed.GetValue(repeat) ?? 5);
            ModelOptions options = runtime.Read(parsed) with { BatchInvariant = parsed.GetValue(invariant) };
            BenchmarkReport report = Run(parsed.GetRequiredValue(folder), settings, options, interrupts.Token);
            Console.Out.Write(parsed.GetValue(json) ? report.ToJson() : report.ToText());
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples(
            "onnx-llama bench ./Llama-3.2-1B-int4",
            "onnx-llama bench ./Llama-3.2-1B-int4 --kernels stock      ONNX Runtime's own operators, to compare with",
            "onnx-llama bench ./Llama-3.2-1B-int4 --prompt 64 --generate 128 --depth 2048 --batch 4 --json");
    }

    private static BenchmarkReport Run(string folder, BenchmarkSettings settings, ModelOptions options, CancellationToken cancellationToken)
    {
        ModelOpening opening = new();
        long start = Stopwatch.GetTimestamp();
        using LanguageModel model = opening.Open(LanguageModel.Open, folder, options, cancellationToken);
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int needed = settings.Depth + settings.Prompt + settings.Generate;
        if (needed > model.ContextLength)
        {
            throw new UsageException(
                FormattableString.Invariant($"--depth, --prompt and --generate are {needed} tokens together; expected at most {model.ContextLength}, the model's context."));
        }

        Benchmark benchmark = new(model.Decoder, settings);
        List<(double Prefill, double Decode)> runs = [];
        for (int run = -1; run < settings.Repeat; run++)
        {
            (double Prefill, double Decode) seconds = benchmark.Run(cancellationToken);
            if (run >= 0) runs.Add(seconds);
            if (!Console.IsErrorRedirected) Console.Error.Write(FormattableString.Invariant($"\rrun {run + 1} of {settings.Repeat}   "));
        }

        if (!Console.IsErrorRedirected) Console.Error.Write("\r                    \r");
        return new BenchmarkReport
        {
            Model = Path.GetFullPath(folder),
            Settings = settings,
            PrefillTokensPerSecond = Spread.Of(runs.Select(run => settings.Prompt / run.Prefill)),
            DecodeTokensPerSecond = Spread.Of(runs.Select(run => settings.Batch * settings.Generate / run.Decode)),
            FirstTokenMilliseconds = Spread.Of(runs.Select(run => run.Prefill * 1000)),
            LoadMilliseconds = Math.Round(load, 1),
            Packed = opening.Packed,
            PeakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64,
            Kernels = KernelInspection.Of(model.Kernels),
            Machine = new MachineDescription(
                Processor.Name,
                model.Threads,
                model.Provider.ToString(),
                typeof(BenchVerb).Assembly.GetName().Version!.ToString(3),
                LanguageModel.RuntimeVersion,
                Environment.Version.ToString(),
                RuntimeInformation.OSDescription),
        };
    }
}
