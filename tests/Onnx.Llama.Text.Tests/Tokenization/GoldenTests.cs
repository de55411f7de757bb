using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Testing;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>Ids and texts of Hugging Face's own library, for real vocabularies that lie beside the checkout.</summary>
public class GoldenTests
{
    public static TheoryData<string> Vocabularies =>
        ["gpt2", "llama2", "llama3", "qwen3", "smollm2_layout", "addedflags", "spm_mistral_v3", "spm_mistral_v3_legacy"];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Encode_EveryCase_GivesTheIdsOfTheReference(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        var differences = new List<string>();
        int compared = 0;
        foreach (JsonElement item in goldens.GetProperty("cases").EnumerateArray())
        {
            if (item.TryGetProperty("normative", out JsonElement normative) && !normative.GetBoolean()) continue;
            string text = TextOf(item);
            Compare(differences, item, "ids", tokenizer.Encode(text, addSpecialTokens: false));
            Compare(differences, item, "ids_special", tokenizer.Encode(text, addSpecialTokens: true));
            compared++;
        }

        Assert.True(compared > 60);
        Assert.Empty(differences);
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Encode_UnpairedSurrogates_AreTakenAsReplacementCharacters(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        foreach (JsonElement item in goldens.GetProperty("cases").EnumerateArray().Where(item => item.TryGetProperty("utf16", out _)))
        {
            string text = TextOf(item);
            Assert.Equal(tokenizer.Encode(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))), tokenizer.Encode(text));
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Decode_EveryCase_GivesTheTextOfTheReference(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        foreach (JsonElement item in goldens.GetProperty("cases").EnumerateArray())
        {
            int[] ids = Ids(item.GetProperty("ids_special"));
            Assert.Equal(item.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(item.GetProperty("ids"))));
            Assert.Equal(item.GetProperty("decoded_skip_special").GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Decode_PrefixesAndBrokenText_GivesTheTextOfTheReference(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        foreach (JsonProperty prefixes in goldens.GetProperty("prefix_decodes").EnumerateObject())
        {
            JsonElement item = goldens.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").ValueEquals(prefixes.Name));
            int[] ids = Ids(item.GetProperty("ids"));
            string[] expected = [.. prefixes.Value.EnumerateArray().Select(text => text.GetString()!)];
            Assert.Equal(expected, Enumerable.Range(1, expected.Length).Select(count => tokenizer.Decode(ids.AsSpan(0, count))));
        }

        if (!goldens.TryGetProperty("broken_utf8_decodes", out JsonElement broken)) return;
        foreach (JsonElement item in broken.EnumerateArray())
        {
            Assert.Equal(item.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(item.GetProperty("ids"))));
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Append_EveryCase_GivesTheTextOfTheReference(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        foreach (JsonElement item in goldens.GetProperty("cases").EnumerateArray())
        {
            StreamingDecoder decoder = tokenizer.CreateDecoder();
            IEnumerable<string> parts = Ids(item.GetProperty("ids")).Select(decoder.Append);
            Assert.Equal(item.GetProperty("decoded").GetString(), string.Concat(parts) + decoder.Flush());
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Encode_MegabyteAndLongRuns_GivesTheHashesOfTheReference(string vocabulary)
    {
        (Tokenizer tokenizer, JsonElement goldens) = Load(vocabulary);
        AssertHash(goldens.GetProperty("big"), tokenizer.Encode(File.ReadAllText(SharedFolder.Require("goldens/tokenizers/big1mb.txt")), addSpecialTokens: false));
        AssertHash(goldens.GetProperty("a100k"), tokenizer.Encode(new string('a', 100_000), addSpecialTokens: false));
        AssertHash(goldens.GetProperty("sp100k"), tokenizer.Encode(new string(' ', 100_000), addSpecialTokens: false));
    }

    private static (Tokenizer Tokenizer, JsonElement Goldens) Load(string vocabulary)
    {
        string folder = SharedFolder.Require($"goldens/tokenizers/{vocabulary}");
        return (Tokenizer.Load(folder), JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "goldens.json"))));
    }

    private static void Compare(List<string> differences, JsonElement item, string key, int[] actual)
    {
        int[] expected = Ids(item.GetProperty(key));
        if (!expected.AsSpan().SequenceEqual(actual))
        {
            differences.Add($"{item.GetProperty("name")} {key}: expected {string.Join(',', expected)} but got {string.Join(',', actual)}");
        }
    }

    private static string TextOf(JsonElement item) => item.TryGetProperty("text", out JsonElement text)
        ? text.GetString()!
        : new string([.. item.GetProperty("utf16").EnumerateArray().Select(unit => (char)unit.GetInt32())]);

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static void AssertHash(JsonElement expected, int[] ids)
    {
        string joined = string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(joined)));
        string key = expected.TryGetProperty("sha256", out _) ? "sha256" : "sha256_of_ids_joined_by_comma";
        Assert.Equal((expected.GetProperty("count").GetInt32(), expected.GetProperty(key).GetString()), (ids.Length, hash));
    }
}
