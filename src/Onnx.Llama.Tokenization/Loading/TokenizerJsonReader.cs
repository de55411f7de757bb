using System.Text.Json;
using Onnx.Llama.Tokenization.AddedTokens;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads tokenizer.json, the serialisation of Hugging Face's tokenizers library (version 1.0).</summary>
internal static class TokenizerJsonReader
{
    private const int MaximumStages = 100;

    public static TokenizerDefinition Read(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            return ReadObject(json, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TokenizerException(file, null, $"is not valid JSON in UTF-8: {e.Message}", e);
        }
    }

    private static TokenizerDefinition ReadObject(ReadOnlySpan<byte> json, string file)
    {
        var reader = new Utf8JsonReader(json);
        BpeDefinition? model = null;
        var sections = new Dictionary<string, JsonSection>(StringComparer.Ordinal);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new TokenizerException(file, null, "expected a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "model") model = new BpeJsonReader(file).Read(ref reader, json);
            else sections[name] = new JsonSection(JsonElement.ParseValue(ref reader), file, name);
        }

        if (model is null) throw new TokenizerException(file, "model", "found nothing, expected an object.");
        JsonSection Section(string name) => sections.GetValueOrDefault(name, new JsonSection(default, file, name));
        JsonSection postProcessor = Section("post_processor");
        return new TokenizerDefinition(model)
        {
            AddedTokens = ReadAddedTokens(Section("added_tokens")),
            Normalizers = Stages(Section("normalizer"), NormalizerReader.Read),
            PreTokenizers = Stages(Section("pre_tokenizer"), PreTokenizerReader.Read),
            PostProcessor = postProcessor.IsNull ? null : PostProcessorReader.Read(postProcessor),
            Decoders = Stages(Section("decoder"), DecoderReader.Read),
        };
    }

    private static T[] Stages<T>(JsonSection section, Func<JsonSection, IEnumerable<T>> read)
    {
        // Stages are made one by one, so a file of a million is refused before they are.
        T[] stages = [.. read(section).Take(MaximumStages + 1)];
        return stages.Length <= MaximumStages
            ? stages
            : throw new TokenizerException(section.File, section.Key, $"has more than {MaximumStages} stages, which no tokenizer in use has.");
    }

    private static AddedToken[] ReadAddedTokens(JsonSection tokens) => tokens.IsNull ? [] : [.. tokens.Items().Select(TokenizerConfigReader.ReadToken)];
}
