using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary><c>tokenizer FOLDER… --text FILE</c>: loading, encoding and decoding beside other libraries, one thread; and chat templates.</summary>
internal static class TokenizerCommand
{
    private static readonly int[] s_synthetic = [128_000, 262_000];

    public static Command Create()
    {
        Argument<DirectoryInfo[]> folders = new("FOLDER") { Description = "Folders with a tokenizer.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo> text = new("--text") { Description = "The text to encode, UTF-8.", Required = true };
        Option<DirectoryInfo?> templates = new("--templates") { Description = "A folder of chat templates to render." };
        Option<int> rounds = new("--rounds") { Description = "Rounds of one run of each.", DefaultValueFactory = _ => 11 };
        Option<FileInfo?> json = new("--json") { Description = "Write the figures to a file too." };
        Command command = new("tokenizer", "Measure tokenizers beside other libraries, and chat templates.") { folders, text, templates, rounds, json };
        command.SetAction(parsed =>
        {
            string content = File.ReadAllText(parsed.GetRequiredValue(text).FullName);
            int count = parsed.GetValue(rounds);
            TextReport report = new(Processor.Name, RuntimeInformation.FrameworkDescription, Versions(), count,
                [.. parsed.GetRequiredValue(folders).SelectMany(folder => new TokenizerMeasurement(folder.FullName, content, count).Run())])
            {
                SyntheticLoadMilliseconds = SyntheticVocabulary.Measure(s_synthetic, count),
                Templates = parsed.GetValue(templates) is { } folder ? TemplateMeasurement.Run(folder.FullName, count) : [],
            };
            if (parsed.GetValue(json) is { } file) File.WriteAllText(file.FullName, JsonSerializer.Serialize(report, TextReportJson.Default.TextReport) + "\n");
            Console.Out.Write(Markdown(report));
        });
        return command;
    }

    private static Dictionary<string, string> Versions() => new[] { typeof(Onnx.Llama.Tokenization.Tokenizer), typeof(Tokenizers.DotNet.Tokenizer), typeof(Microsoft.ML.Tokenizers.Tokenizer) }
        .ToDictionary(type => type.Assembly.GetName().Name!, type => System.Diagnostics.FileVersionInfo.GetVersionInfo(type.Assembly.Location).FileVersion ?? "");

    private static string Markdown(TextReport report)
    {
        StringBuilder text = new();
        text.Append(FormattableString.Invariant($"{report.Processor}, {report.DotNet}, {string.Join(", ", report.Versions.Select(version => $"{version.Key} {version.Value}"))}; "));
        text.Append(FormattableString.Invariant($"one thread, {report.Rounds} interleaved rounds, medians (least to greatest).\n\n"));
        text.Append("| vocabulary | library | load ms | cold MB/s | warm MB/s | decode MB/s |\n|---|---|---|---|---|---|\n");
        foreach (TokenizerFigures row in report.Tokenizers)
        {
            string name = row.SameIds ? row.Engine : $"{row.Engine}, other ids";
            text.Append(FormattableString.Invariant(
                $"| {row.Vocabulary} | {name} | {row.LoadMilliseconds} | {row.ColdMegabytesPerSecond} | {row.WarmMegabytesPerSecond} | {row.DecodeMegabytesPerSecond} |\n"));
        }

        text.Append("\n| made-up vocabulary | load ms |\n|---|---|\n");
        foreach ((string size, Spread time) in report.SyntheticLoadMilliseconds) text.Append(FormattableString.Invariant($"| {size} pieces | {time} |\n"));
        if (report.Templates.Count > 0) text.Append("\n| template | microseconds for 20 messages |\n|---|---|\n");
        foreach (TemplateFigures row in report.Templates) text.Append(FormattableString.Invariant($"| {row.Template} | {row.Microseconds} |\n"));
        return text.ToString();
    }
}
