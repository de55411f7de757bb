using System.CommandLine;
using System.Text.Json;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Tokenizing;
using Onnx.Llama.Templates;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>template MODEL|FILE.jinja</c>: a conversation as the text that the model sees.</summary>
internal static class TemplateVerb
{
    public static Command Create()
    {
        Argument<string> source = CommonOptions.Folder("MODEL", "A folder that holds a chat template, or a .jinja file.");
        Option<string> messages = new("--messages") { Description = "A JSON list of messages: [{\"role\": \"user\", \"content\": \"…\"}].", Required = true, HelpName = "FILE" };
        Option<string?> tools = new("--tools") { Description = "A JSON list of tools.", HelpName = "FILE" };
        Option<string[]> arguments = new("--arg") { Description = "An extra argument of the template; the value is JSON, else a text. May be given several times.", HelpName = "KEY=VALUE" };
        Option<bool> noPrompt = new("--no-generation-prompt") { Description = "End with the last message, without the beginning of an answer." };
        Command command = new("template", "Show a conversation as the text that the model sees.") { source, messages, tools, arguments, noPrompt };
        command.SetAction(parsed =>
        {
            ChatTemplateInput input = new()
            {
                Messages = Messages(parsed.GetRequiredValue(messages)),
                Tools = parsed.GetValue(tools) is { } file ? TemplateValue.FromJson(Json(file)) : null,
                Arguments = (parsed.GetValue(arguments) ?? []).Select(Argument).ToDictionary(argument => argument.Key, argument => argument.Value),
                AddGenerationPrompt = !parsed.GetValue(noPrompt),
            };
            Console.Out.Write(Templates(parsed.GetRequiredValue(source)).Render(input));
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "onnx-llama template models/tales --messages chat.json",
            "onnx-llama template template.jinja --messages chat.json --tools tools.json --arg enable_thinking=false");
    }

    private static ChatTemplateSet Templates(string path)
    {
        if (File.Exists(path)) return ChatTemplateSet.Of(ChatTemplate.Parse(TextFile.Read(path), path));
        if (!Directory.Exists(path)) throw new UsageException($"{path}: is not there; expected a folder with a chat template, or a .jinja file.");
        return ChatTemplateSet.Load(path)
            ?? throw new UsageException($"{path}: has no chat template; expected chat_template.jinja, or chat_template in tokenizer_config.json.");
    }

    private static IReadOnlyList<TemplateMessage> Messages(string file)
    {
        JsonElement list = Json(file);
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(message => message.ValueKind != JsonValueKind.Object))
        {
            throw new UsageException($"{file}: is not a list of messages; expected [{{\"role\": \"user\", \"content\": \"…\"}}].");
        }

        return [.. list.EnumerateArray().Select(TemplateMessage.FromJson)];
    }

    private static KeyValuePair<string, TemplateValue> Argument(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new UsageException($"--arg is '{text}'; expected KEY=VALUE.");
        string value = text[(equals + 1)..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return new(text[..equals], TemplateValue.FromJson(document.RootElement));
        }
        catch (JsonException)
        {
            // What is not JSON is a text: --arg date=today needs no quotes.
            return new(text[..equals], TemplateValue.From(value));
        }
    }

    private static JsonElement Json(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(TextFile.Read(file));
            return document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{file}: is not JSON: {fault.Message}");
        }
    }
}
