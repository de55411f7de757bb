using System.CommandLine;
using Onnx.Llama.Cli.Cache;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Opening;
using Onnx.Llama.Cli.Texts;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>classify MODEL [TEXT…]</c>: the labels of texts.</summary>
internal static class ClassifyVerb
{
    private const int LongestSnippet = 72;

    public static Command Create(Interrupts interrupts)
    {
        Argument<string> model = CommonOptions.Folder("MODEL", "A converted model's folder, or a checkpoint's, which is converted into the cache first.");
        TextArguments texts = new();
        Option<int?> top = CommonOptions.Positive("--top", "The most labels of a text to show; by default 5, and with --json all.");
        RuntimeArguments runtime = new();
        Option<bool> json = CommonOptions.JsonLines();
        Command command = new("classify", "Show the labels of each text, the likeliest first.") { model };
        texts.AddTo(command);
        command.Add(top);
        runtime.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, _) =>
        {
            BatchOptions options = new() { Truncate = texts.Truncates(parsed), BatchSize = texts.BatchSize(parsed) };
            IReadOnlyList<TextInput> inputs = texts.Read(parsed);
            string folder = ModelCache.Resolve(parsed.GetRequiredValue(model), pooling: null, interrupts.Token);
            using Classifier classifier = new ModelOpening().Open(Classifier.Open, folder, runtime.Read(parsed), interrupts.Token);
            Action<int, int, LabelScore[]> write = parsed.GetValue(json)
                ? (index, tokens, labels) => WriteJson(index, tokens, [.. labels.Take(parsed.GetValue(top) ?? int.MaxValue)])
                : (index, _, labels) => WriteText(inputs.Count > 1 ? inputs[index] : null, [.. labels.Take(parsed.GetValue(top) ?? 5)]);
            new TextRun(options, classifier.ContextLength, classifier.VocabularySize).Run(
                inputs, text => classifier.Encode(text, options), ids => classifier.Classify(ids, options, interrupts.Token), write, interrupts.Token);
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples(
            "onnx-llama classify ./sentiment \"What a wonderful day.\"",
            "onnx-llama classify ./sentiment --file reviews.txt --top 1",
            "onnx-llama classify ./sentiment --jsonl reviews.jsonl --json > labels.jsonl");
    }

    private static void WriteJson(int index, int tokens, LabelScore[] labels) =>
        Console.Out.WriteLine(TextLines.ToJson(new ClassificationLine(index, tokens, labels)));

    /// <summary>A line for each label, under the text where there are several.</summary>
    private static void WriteText(TextInput? input, LabelScore[] labels)
    {
        if (input is not null) Console.Out.WriteLine(Snippet(input));
        string indent = input is null ? "" : "  ";
        int width = labels.Max(label => label.Label.Length);
        foreach (LabelScore label in labels)
        {
            string probability = label.Probability is { } share ? FormattableString.Invariant($"{share:P1}").PadLeft(8) + "  " : "  ";
            Console.Out.WriteLine(FormattableString.Invariant($"{indent}{label.Label.PadRight(width)}{probability}score {label.Score:0.000}"));
        }
    }

    private static string Snippet(TextInput input)
    {
        string text = (input.Text ?? $"[{string.Join(", ", input.Ids!)}]").ReplaceLineEndings(" ");
        return text.Length <= LongestSnippet ? text : text[..(char.IsHighSurrogate(text[LongestSnippet - 1]) ? LongestSnippet - 1 : LongestSnippet)] + "…";
    }
}
