using System.CommandLine;
using System.Text.Json;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Tokenizing;

namespace Onnx.Llama.Cli.Texts;

/// <summary>The ways to give texts to a verb: as arguments, a file of lines, a file of JSON lines, or standard input of lines.</summary>
internal sealed class TextArguments
{
    private readonly Argument<string[]> _texts = new("TEXT") { Description = "The texts; without any, standard input, a text a line.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _file = new("--file") { Description = "Read the texts from a file, UTF-8, a text a line.", HelpName = "FILE" };
    private readonly Option<int?> _batch = CommonOptions.Positive("--batch", "The most texts of one run (32); long texts run in smaller ones.");
    private readonly Option<bool> _truncate = new("--truncate")
    {
        Description = "Cut off the end of a text that is longer than the model's context, instead of refusing it.",
    };

    private readonly Option<string?> _jsonLines = new("--jsonl") { Description = "Read each text from a line: a JSON string, {\"text\"} or {\"ids\"}.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(_texts);
        command.Add(_file);
        command.Add(_jsonLines);
        command.Add(_batch);
        command.Add(_truncate);
        command.Validators.Add(result =>
        {
            bool[] given = [result.GetValue(_texts) is { Length: > 0 }, result.GetValue(_file) is not null, result.GetValue(_jsonLines) is not null];
            if (given.Count(way => way) > 1) result.AddError("TEXT, --file and --jsonl are three ways to give texts; expected one.");
        });
    }

    /// <summary>The most texts of one run.</summary>
    public int BatchSize(ParseResult parsed) => parsed.GetValue(_batch) ?? new BatchOptions().BatchSize;

    /// <summary>Whether texts that are too long are cut off.</summary>
    public bool Truncates(ParseResult parsed) => parsed.GetValue(_truncate);

    /// <summary>The texts.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    /// <exception cref="InputException">A file cannot be read, or a line is not what it should be.</exception>
    public IReadOnlyList<TextInput> Read(ParseResult parsed)
    {
        IReadOnlyList<TextInput> inputs = Given(parsed);
        return inputs.Count > 0 ? inputs : throw new UsageException("there are no texts; expected TEXT, --file, --jsonl or lines on standard input.");
    }

    private IReadOnlyList<TextInput> Given(ParseResult parsed)
    {
        if (parsed.GetValue(_texts) is { Length: > 0 } texts) return [.. texts.Select((text, index) => new TextInput(text, null, $"TEXT {Number(index)}"))];
        if (parsed.GetValue(_file) is { } file) return [.. TextFile.Lines(file).Select((line, index) => new TextInput(line, null, $"{file}: line {Number(index)}"))];
        if (parsed.GetValue(_jsonLines) is { } lines) return [.. TextFile.Lines(lines).Select((line, index) => FromJson(line, $"{lines}: line {Number(index)}"))];
        return Console.IsInputRedirected ? [.. StandardInput().Select((line, index) => new TextInput(line, null, $"standard input: line {Number(index)}"))] : [];
    }

    private static IEnumerable<string> StandardInput()
    {
        while (Console.In.ReadLine() is { } line) yield return line;
    }

    private static TextInput FromJson(string line, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String) return new TextInput(root.GetString(), null, source);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("text", out JsonElement text) && text.GetString() is { } given)
            {
                return new TextInput(given, null, source);
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("ids", out JsonElement ids))
            {
                return new TextInput(null, [.. ids.EnumerateArray().Select(id => id.GetInt32())], source);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw Wrong(fault.Message);
        }

        throw Wrong("it is another value");

        InputException Wrong(string found) => new(source, $"{found}; expected a JSON string, {{\"text\": \"…\"}} or {{\"ids\": [1, 2]}}.");
    }

    private static string Number(int index) => FormattableString.Invariant($"{index + 1}");
}
