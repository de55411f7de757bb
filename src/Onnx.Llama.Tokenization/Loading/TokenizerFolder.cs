using System.Text.Json;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Finds and reads the files of a tokenizer in a model folder.</summary>
internal static class TokenizerFolder
{
    private const long MaximumBytes = 1L << 30;

    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, "tokenizer.json"))
        || (File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt")))
        || File.Exists(Path.Combine(folder, "tokenizer.model"));

    public static Tokenizer Load(string folder)
    {
        TokenizerConfig config = TokenizerConfigReader.Read(
            Json(folder, "tokenizer_config.json"), Json(folder, "special_tokens_map.json"), Json(folder, "added_tokens.json"));
        if (Bytes(folder, "tokenizer.json") is { } json) return TokenizerJsonReader.Read(json, "tokenizer.json").Build(config);
        if (Bytes(folder, "vocab.json") is { } vocab && Bytes(folder, "merges.txt") is { } merges) return VocabMergesConverter.Convert(vocab, merges, config).Build(config);
        if (Bytes(folder, "tokenizer.model") is { } model) return FromSentencePiece(model, SentencePieceConverter.Complete(config, ModelType(folder)));
        throw new TokenizerException(
            folder, null, "has no tokenizer: expected tokenizer.json, or vocab.json with merges.txt, or tokenizer.model.");
    }

    public static Tokenizer FromJson(ReadOnlyMemory<byte> tokenizerJson, ReadOnlyMemory<byte> tokenizerConfigJson)
    {
        JsonSection? configFile = tokenizerConfigJson.IsEmpty ? null : ParseJson(tokenizerConfigJson, "tokenizer_config.json");
        return TokenizerJsonReader.Read(tokenizerJson.Span, "tokenizer.json").Build(TokenizerConfigReader.Read(configFile, null, null));
    }

    private static Tokenizer FromSentencePiece(byte[] model, TokenizerConfig config) =>
        SentencePieceConverter.Convert(SentencePieceModel.Read(model, "tokenizer.model"), config, "tokenizer.model").Build(config);

    private static string? ModelType(string folder) => Json(folder, "config.json")?.OptionalText("model_type");

    private static JsonSection? Json(string folder, string file) => Bytes(folder, file) is { } bytes ? ParseJson(bytes, file) : null;

    private static JsonSection ParseJson(ReadOnlyMemory<byte> json, string file)
    {
        try
        {
            return new JsonSection(JsonElement.Parse(json.Span), file, "");
        }
        catch (JsonException e)
        {
            throw new TokenizerException(file, null, $"is not valid JSON: {e.Message}", e);
        }
    }

    private static byte[]? Bytes(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path)) return null;
        long length = new FileInfo(path).Length;
        if (length > MaximumBytes) throw new TokenizerException(path, null, $"has {length} bytes, expected at most {MaximumBytes}.");
        return File.ReadAllBytes(path);
    }
}
