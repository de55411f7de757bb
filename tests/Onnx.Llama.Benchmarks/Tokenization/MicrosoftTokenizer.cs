using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>
/// Microsoft.ML.Tokenizers, which has no loader of tokenizer.json: byte-level BPE is built from its vocabulary, merges and one split expression, SentencePiece
/// read from tokenizer.model. Its ids are compared before its speed counts.
/// </summary>
internal sealed class MicrosoftTokenizer : ITokenizerEngine
{
    private const string Gpt2Split = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private readonly Tokenizer _tokenizer;

    public MicrosoftTokenizer(string folder)
    {
        string model = Path.Combine(folder, "tokenizer.model"), json = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(json))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(json));
            _tokenizer = BpeTokenizer.Create(Options(document.RootElement));
        }
        else
        {
            using FileStream stream = File.OpenRead(model);
            _tokenizer = LlamaTokenizer.Create(stream, addBeginOfSentence: false, addEndOfSentence: false);
        }
    }

    /// <summary>Whether it has the parts: a SentencePiece model, or byte-level BPE with one split.</summary>
    public static bool Fits(string folder)
    {
        string json = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(json)) return File.Exists(Path.Combine(folder, "tokenizer.model"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(json));
        return SplitOf(document.RootElement) is not null;
    }

    public int[] Encode(string text) => [.. _tokenizer.EncodeToIds(text)];

    public string Decode(int[] ids) => _tokenizer.Decode(ids) ?? "";

    public void Dispose()
    {
    }

    private static BpeOptions Options(JsonElement root)
    {
        JsonElement model = root.GetProperty("model");
        IEnumerable<KeyValuePair<string, int>> vocabulary = model.GetProperty("vocab").EnumerateObject().Select(piece => KeyValuePair.Create(piece.Name, piece.Value.GetInt32()));
        IEnumerable<string> merges = model.GetProperty("merges").EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.Array ? $"{merge[0]} {merge[1]}" : merge.GetString()!);
        return new BpeOptions(vocabulary)
        {
            Merges = [.. merges],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new Regex(SplitOf(root)!, RegexOptions.Compiled | RegexOptions.CultureInvariant), null),
        };
    }

    private static string? SplitOf(JsonElement root)
    {
        JsonElement pre = root.GetProperty("pre_tokenizer");
        if (pre.ValueKind != JsonValueKind.Object) return null;
        if (pre.GetProperty("type").ValueEquals("ByteLevel")) return Gpt2Split;
        if (!pre.TryGetProperty("pretokenizers", out JsonElement stages) || stages.GetArrayLength() != 2) return null;
        bool isSplit = stages[0].GetProperty("type").ValueEquals("Split") && stages[1].GetProperty("type").ValueEquals("ByteLevel");
        return isSplit && stages[0].GetProperty("pattern").TryGetProperty("Regex", out JsonElement expression) ? expression.GetString() : null;
    }
}
