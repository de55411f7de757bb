using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads an object of pieces and ids as a stream.</summary>
internal ref struct VocabularyJsonReader(string file)
{
    private byte[] _scratch = new byte[256];

    /// <summary>Reads the object that the reader stands at; <paramref name="expectedCount"/> is about how many pieces it has.</summary>
    public Vocabulary Read(ref Utf8JsonReader reader, int expectedCount)
    {
        var vocabulary = new Vocabulary(expectedCount);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> piece = TextOf(ref reader, ref _scratch, file);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id < 0)
            {
                throw new TokenizerException(file, null, $"'{Encoding.UTF8.GetString(piece)}' of the vocabulary has no id from 0 to 2147483647.");
            }

            vocabulary.Add(piece, id);
        }

        vocabulary.Seal();
        return vocabulary;
    }

    /// <summary>The UTF-8 text of a name or string, without escapes.</summary>
    public static ReadOnlySpan<byte> TextOf(ref Utf8JsonReader reader, ref byte[] scratch, string file)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            if (scratch.Length < text.Length) scratch = new byte[text.Length * 2];
            return scratch.AsSpan(0, reader.CopyString(scratch));
        }

        return Utf8.IsValid(text) ? text : throw new TokenizerException(file, null, $"the text at byte {reader.TokenStartIndex} is not UTF-8.");
    }
}
