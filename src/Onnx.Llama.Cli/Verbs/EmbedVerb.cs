using System.CommandLine;
using System.Globalization;
using Onnx.Llama.Cli.Cache;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Opening;
using Onnx.Llama.Cli.Texts;
using Onnx.Llama.Conversion.Heads;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>embed MODEL [TEXT…]</c>: the vectors of texts.</summary>
internal static class EmbedVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Argument<string> model = CommonOptions.Folder("MODEL", "A converted model's folder, or a checkpoint's, which is converted into the cache first.");
        TextArguments texts = new();
        Option<string?> prompt = new("--prompt") { Description = "The name of the model's prompt to put before each text; \"\" for none.", HelpName = "NAME" };
        Option<Pooling?> pooling = CommonOptions.Pooling();
        RuntimeArguments runtime = new();
        Option<bool> json = CommonOptions.JsonLines();
        Command command = new("embed", "Make a vector of each text: a line of numbers, or with --json an object.") { model };
        texts.AddTo(command);
        command.Add(prompt);
        command.Add(pooling);
        runtime.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, _) =>
        {
            EmbeddingOptions options = new() { Prompt = parsed.GetValue(prompt), Truncate = texts.Truncates(parsed), BatchSize = texts.BatchSize(parsed) };
            IReadOnlyList<TextInput> inputs = texts.Read(parsed);
            string folder = ModelCache.Resolve(parsed.GetRequiredValue(model), parsed.GetValue(pooling), interrupts.Token);
            using Embedder embedder = new ModelOpening().Open(Embedder.Open, folder, runtime.Read(parsed), interrupts.Token);
            CheckPrompt(embedder, options.Prompt, inputs);
            Action<int, int, float[]> write = parsed.GetValue(json) ? WriteJson : WriteNumbers;
            new TextRun(options, embedder.ContextLength, embedder.VocabularySize).Run(
                inputs, text => embedder.Encode(text, options), ids => embedder.Embed(ids, options, interrupts.Token), write, interrupts.Token);
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples(
            "onnx-llama embed ./Qwen3-Embedding-0.6B \"What is the capital of China?\" --prompt query",
            "onnx-llama embed ./Qwen3-Embedding-0.6B --file documents.txt --json > vectors.jsonl",
            "onnx-llama embed ./Qwen3-Embedding-0.6B-int4 --jsonl texts.jsonl --batch 64 --truncate");
    }

    private static void CheckPrompt(Embedder embedder, string? name, IReadOnlyList<TextInput> inputs)
    {
        if (name is null or "") return;
        if (inputs.FirstOrDefault(input => input.Ids is not null) is { } tokens) throw new UsageException($"{tokens.Source}: tokens are taken as they are; expected a text, or no --prompt.");
        if (embedder.Prompts.ContainsKey(name)) return;
        string expected = embedder.Prompts.Count == 0 ? "no --prompt, as the model has none" : $"one of {string.Join(", ", embedder.Prompts.Keys.Order(StringComparer.Ordinal))}";
        throw new UsageException($"--prompt is '{name}'; expected {expected}.");
    }

    private static void WriteJson(int index, int tokens, float[] vector) =>
        Console.Out.WriteLine(TextLines.ToJson(new EmbeddingLine(index, tokens, vector)));

    private static void WriteNumbers(int index, int tokens, float[] vector) =>
        Console.Out.WriteLine(string.Join(' ', vector.Select(number => number.ToString(CultureInfo.InvariantCulture))));
}
