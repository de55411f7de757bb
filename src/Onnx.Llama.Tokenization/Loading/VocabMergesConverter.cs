using System.Text;
using System.Text.Json;
using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PostProcessors;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// Turns the older layout of byte-level models, vocab.json with merges.txt, into the same pipeline that a tokenizer.json describes, by the rules of
/// transformers' <c>GPT2Converter</c> and <c>Qwen2Converter</c>: the files do not say how text is split, the tokenizer's class does.
/// </summary>
internal static class VocabMergesConverter
{
    private const int BytesPerPiece = 16;

    public static TokenizerDefinition Convert(ReadOnlySpan<byte> vocabJson, ReadOnlySpan<byte> mergesText, TokenizerConfig config)
    {
        Vocabulary vocabulary = ReadVocabulary(vocabJson);
        MergeListBuilder merges = ReadMerges(mergesText, vocabulary);
        var definition = new TokenizerDefinition(new BpeDefinition(vocabulary, merges.Merges, merges.Cutter, new BpeOptions { UnknownPiece = null }))
        {
            PostProcessor = PostProcessor.None,
            Decoders = [new ByteLevelDecoder()],
        };
        return config.Class switch
        {
            null or "GPT2Tokenizer" or "GPT2TokenizerFast" => definition with
            {
                PreTokenizers = [.. PreTokenizerReader.ByteLevel(config.AddPrefixSpace ?? false, useRegex: true)],
            },
            "Qwen2Tokenizer" or "Qwen2TokenizerFast" => definition with
            {
                Normalizers = [UnicodeNormalizer.Create(NormalizationForm.FormC, "tokenizer_config.json", "tokenizer_class")],
                PreTokenizers =
                [
                    new SplitPreTokenizer(new Cl100kPattern(maximumDigits: 1), SplitBehavior.Isolated, invert: false),
                    .. PreTokenizerReader.ByteLevel(config.AddPrefixSpace ?? false, useRegex: false),
                ],
            },
            _ => throw new TokenizerException(
                "tokenizer_config.json",
                "tokenizer_class",
                $"'{config.Class}' is not implemented for vocab.json with merges.txt; known are GPT2Tokenizer, Qwen2Tokenizer. "
                + "Save the tokenizer as tokenizer.json with transformers and try again."),
        };
    }

    private static Vocabulary ReadVocabulary(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new TokenizerException("vocab.json", null, "expected an object of pieces and ids.");
            return new VocabularyJsonReader("vocab.json").Read(ref reader, json.Length / BytesPerPiece);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TokenizerException("vocab.json", null, $"is not valid JSON in UTF-8: {e.Message}", e);
        }
    }

    private static MergeListBuilder ReadMerges(ReadOnlySpan<byte> text, Vocabulary vocabulary)
    {
        var merges = new MergeListBuilder(vocabulary, "merges.txt", "merges");
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].TrimEnd((byte)'\r');
            if (!line.IsEmpty && !line.StartsWith("#version"u8)) merges.AddLine(line);
        }

        return merges;
    }
}
