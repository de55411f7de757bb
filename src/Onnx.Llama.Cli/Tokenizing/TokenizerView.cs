using System.Globalization;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Cli.Tokenizing;

/// <summary>What a tokenizer makes of a text, for people and programs.</summary>
internal sealed class TokenizerView(Tokenizer tokenizer, bool withSpecial)
{
    private static readonly string[] s_colours = ["\e[48;5;24m", "\e[48;5;22m", "\e[48;5;52m", "\e[48;5;54m", "\e[48;5;58m"];

    /// <summary>The ids in one line.</summary>
    public string Ids(string text) => string.Join(' ', tokenizer.Encode(text, withSpecial).Select(id => id.ToString(CultureInfo.InvariantCulture))) + "\n";

    /// <summary>The pieces: the text with a colour for each on a terminal, else a line of id and piece for each.</summary>
    public string Pieces(string text, bool coloured)
    {
        StringBuilder output = new();
        int[] ids = tokenizer.Encode(text, withSpecial);
        for (int i = 0; i < ids.Length; i++)
        {
            if (coloured) output.Append(s_colours[i % s_colours.Length]).Append(Visible(Piece(ids[i]))).Append("\e[0m");
            else output.Append(CultureInfo.InvariantCulture, $"{ids[i]}\t{Visible(Piece(ids[i]))}\n");
        }

        return coloured ? output.Append('\n').ToString() : output.ToString();
    }

    /// <summary>{"ids", "pieces", "offsets"}; an offset is [begin, end) in UTF-16 units.</summary>
    public string Json(string text) => JsonLine.Write(writer =>
    {
        TokenSpan[] tokens = tokenizer.EncodeWithOffsets(text, withSpecial);
        WriteIds(writer, [.. tokens.Select(token => token.Id)]);
        writer.WriteStartArray("pieces");
        foreach (TokenSpan token in tokens) writer.WriteStringValue(Piece(token.Id));
        writer.WriteEndArray();
        writer.WriteStartArray("offsets");
        foreach (TokenSpan token in tokens)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(token.Start);
            writer.WriteNumberValue(token.End);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    });

    /// <summary>The text of ids, as it is or as {"text"}.</summary>
    public string Text(int[] ids, bool json)
    {
        string text = tokenizer.Decode(ids, skipSpecialTokens: !withSpecial);
        return json ? JsonLine.Write(writer => writer.WriteString("text", text)) : text + "\n";
    }

    /// <summary>A line of --jsonl: a string or {"text"} gives the object of <see cref="Json"/>, {"ids"} gives {"text"}.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public string Line(string line, string file, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String) return Json(root.GetString()!);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("text", out JsonElement text) && text.GetString() is { } content) return Json(content);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("ids", out JsonElement ids))
            {
                return Text([.. ids.EnumerateArray().Select(id => id.GetInt32())], json: true);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw Wrong(fault.Message);
        }

        throw Wrong("it is another value");

        InputException Wrong(string found) =>
            new(file, FormattableString.Invariant($"line {number}: {found}; expected a JSON string, {{\"text\": \"…\"}} or {{\"ids\": [1, 2]}}."));
    }

    private string Piece(int id) => tokenizer.TokenOf(id) ?? "";

    private static string Visible(string piece) => string.Concat(piece.Select(c => char.IsControl(c) ? FormattableString.Invariant($"\\u{(int)c:x4}") : c.ToString()));

    private static void WriteIds(Utf8JsonWriter writer, int[] ids)
    {
        writer.WriteStartArray("ids");
        foreach (int id in ids) writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }
}
