using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Opening;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>verify MODEL --reference FILE</c>: compares a model with reference values.</summary>
internal static class VerifyVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Argument<string> folder = CommonOptions.Folder("MODEL", "The converted model's folder.");
        Option<string> reference = new("--reference") { Description = "A safetensors file of reference values, as eng/reference.py writes it.", Required = true, HelpName = "FILE" };
        Option<double?> tolerance = CommonOptions.Number(
            "--tolerance",
            "What is allowed, as a share of the reference values' standard deviation; by default 1e-4 for fp32 and 2e-2 for 16-bit weights, and to be given for others.",
            "a number above 0",
            value => value > 0 && double.IsFinite(value));
        RuntimeArguments runtime = new();
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Compare a model's logits and greedy tokens, scores or vectors with reference values.")
        {
            folder,
            reference,
            tolerance,
        };
        runtime.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, _) => Task.FromResult(Run(
            parsed.GetRequiredValue(folder),
            parsed.GetRequiredValue(reference),
            parsed.GetValue(tolerance),
            runtime.Read(parsed),
            parsed.GetValue(json),
            interrupts.Token)));
        return command.WithExamples(
            "onnx-llama verify ./Llama-3.2-1B-fp32 --reference reference.safetensors",
            "onnx-llama verify ./Llama-3.2-1B-int4 --reference reference.safetensors --tolerance 0.3 --json",
            "onnx-llama verify ./Qwen3-Embedding-0.6B-fp32 --reference reference.safetensors     vectors: ids, mask, and mean or last",
            "onnx-llama verify ./Llama-3.2-1B-fp16 --reference reference.safetensors --variant cuda --provider cpu");
    }

    private static int Run(string folder, string file, double? tolerance, ModelOptions options, bool json, CancellationToken cancellationToken)
    {
        VerificationReport report = ModelManifest.Load(folder)?.Task switch
        {
            ModelTask.Embed => VerifyEmbedder(folder, file, tolerance, options, cancellationToken),
            ModelTask.Classify => VerifyClassifier(folder, file, tolerance, options, cancellationToken),
            _ => VerifyText(folder, file, tolerance, options, cancellationToken),
        };
        Console.Out.Write(json ? JsonSerializer.Serialize(report, VerificationJson.Default.VerificationReport) + "\n" : Text(report));
        return report.Passed ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static VerificationReport VerifyText(string folder, string file, double? tolerance, ModelOptions options, CancellationToken cancellationToken)
    {
        using LanguageModel model = new ModelOpening().Open(LanguageModel.Open, folder, options, cancellationToken);
        string precision = model.Variant.Precision;
        double allowed = tolerance ?? DefaultTolerance(folder, precision);
        ReferenceFile reference = ReferenceFile.Read(file, model.VocabularySize, model.ContextLength);
        return new Verifier(model.Decoder, allowed, exactGreedy: precision == "fp32").Compare(reference, cancellationToken);
    }

    private static VerificationReport VerifyEmbedder(string folder, string file, double? tolerance, ModelOptions options, CancellationToken cancellationToken)
    {
        using Embedder model = new ModelOpening().Open(Embedder.Open, folder, options, cancellationToken);
        return new HeadVerifier(tolerance ?? DefaultTolerance(folder, model.Variant.Precision)).Compare(model, file, cancellationToken);
    }

    private static VerificationReport VerifyClassifier(string folder, string file, double? tolerance, ModelOptions options, CancellationToken cancellationToken)
    {
        using Classifier model = new ModelOpening().Open(Classifier.Open, folder, options, cancellationToken);
        return new HeadVerifier(tolerance ?? DefaultTolerance(folder, model.Variant.Precision)).Compare(model, file, cancellationToken);
    }

    private static double DefaultTolerance(string folder, string precision) => precision switch
    {
        "fp32" => 1e-4,
        "fp16" or "bf16" => 2e-2,
        _ => throw new UsageException(
            $"{folder}: its precision is {(precision.Length > 0 ? precision : "not known")}, which has no tolerance of its own; expected --tolerance, a share of the reference values' standard deviation."),
    };

    private static string Text(VerificationReport report)
    {
        StringBuilder text = new();
        if (report.Positions is { } positions)
        {
            Line($"logits       {positions} positions, greatest difference {report.MaxAbsDiff:G3} = {report.MaxDiffInStd:G3} standard deviations");
            Line($"             most likely token agrees in {report.Top1Agreement:P1}, mean KL {report.MeanKl:G3} nats");
        }

        if (report.Texts is { } texts) Line($"{report.Head,-12} {texts} texts, greatest difference {report.MaxAbsDiff:G3} = {report.MaxDiffInStd:G3} standard deviations");
        if (report.GreedyTotal is { } total) Line($"greedy       {report.GreedyMatched} of {total} tokens");
        if (report.LongMaxDiffInStd is { } difference) Line($"long text    greatest difference {difference:G3} standard deviations");
        Line($"{(report.Passed ? "passed" : "FAILED")}       tolerance {report.ToleranceInStd:G3} standard deviations");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
