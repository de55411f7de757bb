using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Progress;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>convert SOURCE [OUTPUT]</c>: a checkpoint becomes a model folder.</summary>
internal static class ConvertVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Argument<string> source = CommonOptions.Folder("SOURCE", "The checkpoint's folder: config.json and safetensors.");
        Argument<string?> output = CommonOptions.OptionalFolder("OUTPUT", "The model folder to make; by default ./NAME-PRECISION.");
        Option<string> precision = new("--precision")
        {
            Description = "How weights are stored; int4-asym has a zero point for each block: an eighth of a bit more, and less rounding error.",
            DefaultValueFactory = _ => PrecisionRecipe.Int4.Option,
        };
        precision.AcceptOnlyFromAmong([.. PrecisionRecipe.All.Select(recipe => recipe.Option)]);
        Option<int?> block = new("--block")
        {
            Description = "Weights that share a scale, for int4, int4-asym and int8, by default 32; a greater block is smaller and faster, and rounds more. "
                + "Rows that are no multiple of it get smaller blocks.",
            HelpName = string.Join('|', PrecisionRecipe.BlockSizes),
        };
        block.AcceptOnlyFromAmong([.. PrecisionRecipe.BlockSizes.Select(size => size.ToString(CultureInfo.InvariantCulture))]);
        Option<string[]> target = new("--target")
        {
            Description = "What graphs are made for; several, separated by commas, share one folder and its weights.",
            HelpName = string.Join(',', GraphTarget.All.Select(known => known.Name)),
            DefaultValueFactory = _ => [GraphTarget.Cpu.Name],
            CustomParser = Targets,
        };
        Option<Pooling?> pooling = CommonOptions.Pooling();
        Option<bool> force = new("--force") { Description = "Replace OUTPUT if it exists." };
        Option<bool> dryRun = new("--dry-run") { Description = "Show what would be made, and make nothing." };
        Option<int?> threads = CommonOptions.Positive("--threads", "Threads that read, quantise and write; the result does not depend on it.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("convert", "Convert a checkpoint into a model folder.") { source, output, precision, block, target, pooling, force, dryRun, threads, json };
        command.SetAction((parsed, _) =>
        {
            ConversionOptions options = new()
            {
                Precision = Recipe(parsed.GetRequiredValue(precision), parsed.GetValue(block)),
                Targets = [.. parsed.GetRequiredValue(target).Select(GraphTarget.Named)],
                Pooling = parsed.GetValue(pooling),
                Force = parsed.GetValue(force),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
            };
            string from = parsed.GetRequiredValue(source);
            Run(from, parsed.GetValue(output) ?? DefaultOutput(from, options), options, parsed.GetValue(dryRun), parsed.GetValue(json), interrupts.Token);
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples(
            "onnx-llama convert ./Llama-3.2-1B-Instruct                        int4, into ./Llama-3.2-1B-Instruct-int4",
            "onnx-llama convert ./Llama-3.2-1B-Instruct out --precision fp32   32-bit weights, into ./out",
            "onnx-llama convert ./Llama-3.2-1B-Instruct --precision int8       8 bits, into ./Llama-3.2-1B-Instruct-int8",
            "onnx-llama convert ./Llama-3.2-1B-Instruct --precision int4-asym  4 bits and a zero point for each block: closer to the original",
            "onnx-llama convert ./Llama-3.2-1B-Instruct --block 128            int4 in greater blocks, into ./Llama-3.2-1B-Instruct-int4-b128",
            "onnx-llama convert ./Llama-3.2-1B-Instruct --target cpu,cuda      graphs for CPU and CUDA, in one folder",
            "onnx-llama convert ./e5-mistral --pooling last                    vectors of texts, from a checkpoint without modules.json",
            "onnx-llama convert ./Llama-3.2-1B-Instruct --dry-run              every tensor and what becomes of it");
    }

    private static PrecisionRecipe Recipe(string precision, int? block)
    {
        PrecisionRecipe recipe = PrecisionRecipe.Named(precision);
        if (block is not { } size) return recipe;
        if (recipe.HasBlocks) return recipe.WithBlocks(size);
        string expected = string.Join(", ", PrecisionRecipe.All.Where(known => known.HasBlocks).Select(known => known.Option));
        throw new UsageException(
            FormattableString.Invariant($"--block is {size} with --precision {precision}, whose weights have no blocks; expected one of {expected}."));
    }

    private static string[] Targets(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Distinct(StringComparer.Ordinal)];
        string[] known = [.. GraphTarget.All.Select(known => known.Name)];
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown) result.AddError($"--target: '{unknown}' is none of {string.Join(", ", known)}.");
        return names;
    }

    private static string DefaultOutput(string source, ConversionOptions options) =>
        $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)))}-{options.Precision.Name}";

    private static void Run(string source, string output, ConversionOptions options, bool dryRun, bool json, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using ConversionPlan plan = ConversionPlan.Create(source, options);
        foreach (string note in plan.Notes) Console.Error.WriteLine($"note: {note}");
        if (dryRun)
        {
            Console.Out.Write(json ? ConversionSummary.Of(plan).ToJson() : DryRun.Text(plan));
            return;
        }

        ConversionResult result = ConversionDisplay.Write(Path.GetFileName(output), plan, output, cancellationToken);
        ConversionSummary summary = ConversionSummary.Of(plan, result, watch.Elapsed);
        Console.Out.Write(json ? summary.ToJson() : summary.ToText());
    }
}
