using System.CommandLine;
using System.Globalization;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Tokenizing;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>tokenize MODEL [TEXT]</c>: a text's tokens, or the text of tokens.</summary>
internal static class TokenizeVerb
{
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Folder("MODEL", "A folder that holds a tokenizer: a checkpoint's, a converted model's, or one with nothing else.");
        Argument<string?> text = new("TEXT") { Description = "The text; without it, standard input.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> file = new("--file") { Description = "Read the text from a file, UTF-8.", HelpName = "FILE" };
        Option<string?> lines = new("--jsonl") { Description = "For each line, a JSON string, {\"text\"} or {\"ids\"}, write a line.", HelpName = "FILE" };
        Option<string?> decode = new("--decode") { Description = "The text of these ids: 1,2,3 or \"1 2 3\".", HelpName = "IDS" };
        Option<bool> noSpecial = new("--no-special") { Description = "Add no special tokens; when decoding, leave them out." };
        Option<bool> pieces = new("--pieces") { Description = "Show each token's piece." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("tokenize", "Turn text into tokens, or tokens into text.") { model, text, file, lines, decode, noSpecial, pieces, json };
        command.Validators.Add(result =>
        {
            int sources = new[] { result.GetValue(text), result.GetValue(file), result.GetValue(lines), result.GetValue(decode) }.Count(given => given is not null);
            if (sources > 1) result.AddError("TEXT, --file, --jsonl and --decode are four ways to say what; expected one.");
        });
        command.SetAction(parsed =>
        {
            TokenizerView view = new(Tokenizer.Load(parsed.GetRequiredValue(model)), !parsed.GetValue(noSpecial));
            string output = (parsed.GetValue(decode), parsed.GetValue(lines)) switch
            {
                ({ } ids, _) => view.Text(Ids(ids), parsed.GetValue(json)),
                (_, { } path) => string.Concat(TextFile.Lines(path).Select((line, index) => view.Line(line, path, index + 1))),
                _ => View(view, Source(parsed.GetValue(text), parsed.GetValue(file)), parsed.GetValue(pieces), parsed.GetValue(json)),
            };
            Console.Out.Write(output);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "onnx-llama tokenize models/tales \"An owl named Zara.\" --pieces",
            "onnx-llama tokenize models/tales --decode 66,409,262",
            "onnx-llama tokenize models/tales --jsonl texts.jsonl > ids.jsonl");
    }

    private static string View(TokenizerView view, string text, bool pieces, bool json) =>
        json ? view.Json(text) : pieces ? view.Pieces(text, !Console.IsOutputRedirected) : view.Ids(text);

    private static string Source(string? text, string? file) => text ?? (file is null ? TextFile.ReadStandardInput() : TextFile.Read(file));

    private static int[] Ids(string text)
    {
        string[] parts = text.Split([',', ' ', '[', ']', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new UsageException($"--decode has '{part}'; expected token ids, as 1,2,3."))];
    }
}
