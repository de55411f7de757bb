using System.Text.Json;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// Reads the <c>model</c> of tokenizer.json as a stream: a vocabulary of hundreds of thousands of pieces never becomes a tree of JSON values.
/// </summary>
internal ref struct BpeJsonReader(string file)
{
    /// <summary>What a piece takes of a file in use, with its merge: 36 bytes in Llama 2's, 71 in Llama 3's.</summary>
    private const int BytesPerPiece = 64;

    private Vocabulary? _vocabulary;
    private MergeListBuilder? _merges;
    private ReadOnlySpan<byte> _pendingMerges;
    private byte[] _left = new byte[256];
    private byte[] _right = new byte[256];
    private string? _type;
    private BpeOptions _options = new();

    /// <summary>Reads the object that the reader stands at; <paramref name="json"/> is all that the reader reads.</summary>
    public BpeDefinition Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new TokenizerException(file, "model", "expected an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            ReadMember(name, ref reader, json);
        }

        if (_type is not (null or "BPE")) throw UnknownModel();
        if (_vocabulary is null) throw new TokenizerException(file, "model.vocab", "found nothing, expected an object of pieces and ids.");
        if (_merges is null) ReadPendingMerges();
        return new BpeDefinition(_vocabulary, _merges!.Merges, _merges.Cutter, _options);
    }

    private void ReadMember(string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (name)
        {
            case "vocab" when reader.TokenType == JsonTokenType.StartObject:
                _vocabulary = new VocabularyJsonReader(file).Read(ref reader, json.Length / BytesPerPiece);
                break;
            case "merges" when _vocabulary is not null:
                ReadMerges(ref reader);
                break;
            case "vocab" or "merges":
                // Merges before the vocabulary wait for it; a vocabulary that is not an object belongs to another type, which is refused by its name.
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (name == "merges") _pendingMerges = json[start..(int)reader.BytesConsumed];
                break;
            default:
                ReadOption(new JsonSection(JsonElement.ParseValue(ref reader), file, $"model.{name}"), name);
                break;
        }
    }

    private void ReadOption(JsonSection value, string name)
    {
        if (value.IsNull) return;
        switch (name)
        {
            case "type":
                _type = value.AsText();
                break;
            case "unk_token":
                _options = _options with { UnknownPiece = value.AsText() };
                break;
            case "fuse_unk":
                _options = _options with { FuseUnknown = value.AsFlag() };
                break;
            case "byte_fallback":
                _options = _options with { ByteFallback = value.AsFlag() };
                break;
            case "ignore_merges":
                _options = _options with { IgnoreMerges = value.AsFlag() };
                break;
            case "dropout" when value.Element.ValueKind != JsonValueKind.Number || value.Element.GetDouble() != 0:
            case "continuing_subword_prefix" when value.AsText().Length > 0:
            case "end_of_word_suffix" when value.AsText().Length > 0:
                throw new TokenizerException(file, value.Key, $"{value.Element.GetRawText()} is not implemented; expected null.");
        }
    }

    private void ReadPendingMerges()
    {
        if (_pendingMerges.IsEmpty) throw new TokenizerException(file, "model.merges", "found nothing, expected a list.");
        var reader = new Utf8JsonReader(_pendingMerges);
        reader.Read();
        ReadMerges(ref reader);
    }

    private void ReadMerges(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new TokenizerException(file, "model.merges", "expected a list.");
        _merges = new MergeListBuilder(_vocabulary!, file, "model.merges");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) _merges.AddLine(VocabularyJsonReader.TextOf(ref reader, ref _left, file));
            else ReadPair(ref reader);
        }
    }

    private void ReadPair(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw NotAMerge();
        ReadOnlySpan<byte> left = NextString(ref reader, ref _left);
        ReadOnlySpan<byte> right = NextString(ref reader, ref _right);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw NotAMerge();
        _merges!.Add(left, right);
    }

    private readonly ReadOnlySpan<byte> NextString(ref Utf8JsonReader reader, ref byte[] scratch)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw NotAMerge();
        return VocabularyJsonReader.TextOf(ref reader, ref scratch, file);
    }

    private readonly TokenizerException NotAMerge() => new(file, "model.merges", "expected every merge as \"left right\" or [\"left\", \"right\"].");

    private readonly TokenizerException UnknownModel() => new(
        file, "model.type", $"'{_type}' is not implemented; known is BPE. This tokenizer cannot be used; a wrong guess would give wrong tokens.");
}
