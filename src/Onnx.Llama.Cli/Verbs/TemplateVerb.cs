using System.CommandLine;
using System.Text.Json;
using Onnx.Llama.Chat;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Tokenizing;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

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
        Option<bool> json = new("--json") { Description = "Print {\"text\", \"ids\", \"assistant_mask\"}; a .jinja file gives the text alone." };
        Command command = new("template", "Show a conversation as the text that the model sees.") { source, messages, tools, arguments, noPrompt, json };
        command.SetAction(parsed =>
        {
            ChatTemplateInput input = new()
            {
                Messages = Messages(parsed.GetRequiredValue(messages)),
                Tools = parsed.GetValue(tools) is { } file ? Tools(file) : null,
                Arguments = Arguments(parsed.GetValue(arguments) ?? []),
                AddGenerationPrompt = !parsed.GetValue(noPrompt),
            };
            string path = parsed.GetRequiredValue(source);
            ChatTemplateSet templates = Templates(path);
            Console.Out.Write(parsed.GetValue(json) ? Json(templates, path, input) : templates.Render(input));
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "onnx-llama template models/tales --messages chat.json",
            "onnx-llama template models/tales --messages chat.json --no-generation-prompt --json",
            "onnx-llama template template.jinja --messages chat.json --tools tools.json --arg enable_thinking=false");
    }

    /// <summary>The text, and where a tokenizer is at hand its tokens and which of them the assistant wrote.</summary>
    private static string Json(ChatTemplateSet templates, string path, ChatTemplateInput input) => JsonLine.Write(writer =>
    {
        TokenizedChat? chat = Directory.Exists(path) && Tokenizer.Exists(path) ? TokenizedChat.Create(templates, Tokenizer.Load(path), input) : null;
        writer.WriteString("text", chat?.Text ?? templates.Render(input));
        if (chat is null) return;
        writer.WriteStartArray("ids");
        foreach (int id in chat.Ids) writer.WriteNumberValue(id);
        writer.WriteEndArray();
        writer.WriteStartArray("assistant_mask");
        foreach (bool isAssistants in chat.AssistantMask) writer.WriteBooleanValue(isAssistants);
        writer.WriteEndArray();
    });

    private static ChatTemplateSet Templates(string path)
    {
        if (File.Exists(path)) return ChatTemplateSet.Of(ChatTemplate.Parse(TextFile.Read(path), path));
        if (!Directory.Exists(path)) throw new InputException(path, $"is not there; expected a folder with a chat template, or a .jinja file.");
        return ChatTemplateSet.Load(path)
            ?? throw new InputException(path, $"has no chat template; expected chat_template.jinja, or chat_template in tokenizer_config.json.");
    }

    private static IReadOnlyList<TemplateMessage> Messages(string file)
    {
        JsonElement list = ReadJson(file);
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(message => message.ValueKind != JsonValueKind.Object))
        {
            throw new InputException(file, $"is not a list of messages; expected [{{\"role\": \"user\", \"content\": \"…\"}}].");
        }

        return [.. list.EnumerateArray().Select(message => Checked(file, message, TemplateMessage.FromJson))];
    }

    private static TemplateValue Tools(string file)
    {
        JsonElement list = ReadJson(file);
        return list.ValueKind == JsonValueKind.Array
            ? Checked(file, list, TemplateValue.FromJson)
            : throw new InputException(file, "is not a list of tools; expected [{\"type\": \"function\", \"function\": {…}}].");
    }

    /// <summary>What JSON can say and a template's values cannot: half a surrogate pair, a number or nesting beyond all bounds.</summary>
    private static T Checked<T>(string file, JsonElement json, Func<JsonElement, T> read)
    {
        try
        {
            return read(json);
        }
        catch (ArgumentException fault)
        {
            throw new InputException(file, $"cannot be used: {fault.Message}");
        }
    }

    private static Dictionary<string, TemplateValue> Arguments(string[] texts)
    {
        Dictionary<string, TemplateValue> values = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, TemplateValue> argument in texts.Select(Argument))
        {
            if (!values.TryAdd(argument.Key, argument.Value)) throw new UsageException($"--arg gives '{argument.Key}' twice; expected it once.");
        }

        return values;
    }

    private static KeyValuePair<string, TemplateValue> Argument(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new UsageException($"--arg is '{text}'; expected KEY=VALUE.");
        string value = text[(equals + 1)..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return new(text[..equals], Checked("--arg", document.RootElement, TemplateValue.FromJson));
        }
        catch (JsonException)
        {
            // What is not JSON is a text: --arg date=today needs no quotes.
            return new(text[..equals], TemplateValue.From(value));
        }
    }

    private static JsonElement ReadJson(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(TextFile.Read(file));
            return document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new InputException(file, $"is not JSON: {fault.Message}");
        }
    }
}
