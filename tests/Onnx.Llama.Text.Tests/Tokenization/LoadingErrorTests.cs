using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>Every refusal says where, what was found and what was expected.</summary>
public class LoadingErrorTests
{
    [Theory]
    [InlineData("model.type", "\"Unigram\"", "tokenizer.json: model.type: 'Unigram' is not implemented; known is BPE.")]
    [InlineData("model.type", "\"WordPiece\"", "tokenizer.json: model.type: 'WordPiece' is not implemented; known is BPE.")]
    [InlineData("model.dropout", "0.1", "tokenizer.json: model.dropout: 0.1 is not implemented; expected null.")]
    [InlineData("model.end_of_word_suffix", "\"/w\"", "tokenizer.json: model.end_of_word_suffix: \"/w\" is not implemented; expected null.")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "tokenizer.json: model.continuing_subword_prefix: \"##\" is not implemented; expected null.")]
    [InlineData("model.byte_fallback", "1", "tokenizer.json: model.byte_fallback: found 1, expected true or false.")]
    [InlineData("model.vocab", "[]", "tokenizer.json: model.vocab: found nothing, expected an object of pieces and ids.")]
    [InlineData("model.merges", "{}", "tokenizer.json: model.merges: expected a list.")]
    [InlineData("model.merges", "[\"a b c\"]", "tokenizer.json: model.merges[0]: 'a b c': expected two pieces with one space between them.")]
    [InlineData("model.merges", "[[\"a\"]]", "tokenizer.json: model.merges: expected every merge as")]
    [InlineData("model.merges", "[\"a 中\"]", "tokenizer.json: model.merges[0]: 'a中': this piece is not in the vocabulary.")]
    [InlineData("model", "null", "tokenizer.json: model: expected an object.")]
    [InlineData("normalizer", "{\"type\": \"Precompiled\"}", "tokenizer.json: normalizer: type 'Precompiled' is not implemented; known are Sequence, NFC,")]
    [InlineData("pre_tokenizer", "{\"type\": \"Whitespace\"}", "tokenizer.json: pre_tokenizer: type 'Whitespace' is not implemented; known are Sequence, Split,")]
    [InlineData("pre_tokenizer", "{}", "tokenizer.json: pre_tokenizer.type: found nothing, expected a string.")]
    [InlineData("post_processor", "{\"type\": \"BertProcessing\"}", "tokenizer.json: post_processor: type 'BertProcessing' is not implemented; known are Sequence, Template")]
    [InlineData("decoder", "{\"type\": \"WordPiece\"}", "tokenizer.json: decoder: type 'WordPiece' is not implemented; known are Sequence, ByteLevel,")]
    [InlineData("added_tokens", "[{\"content\": 5}]", "tokenizer.json: added_tokens[0].content: found 5, expected a string.")]
    public void FromJson_NotImplementedOrMalformed_NamesFileAndKey(string key, string value, string message)
    {
        byte[] json = TinyTokenizers.Json("gpt2", root =>
        {
            string[] path = key.Split('.');
            JsonObject parent = path.Length == 1 ? root : root[path[0]]!.AsObject();
            parent[path[^1]] = JsonNode.Parse(value);
        });
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(json));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("tokenizer.json", error.File);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"model\": {\"vocab\": {\"a\": 0}, \"merges\": [")]
    [InlineData("{\"model\": {\"vocab\": {\"\\ud800\": 0}, \"merges\": []}}")]
    public void FromJson_NotJson_IsRefused(string json)
    {
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(Encoding.UTF8.GetBytes(json)));
        Assert.StartsWith("tokenizer.json: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_InvalidUtf8InAPiece_IsRefused()
    {
        byte[] json = [.. "{\"model\": {\"vocab\": {\""u8, 0xFF, .. "\": 0}, \"merges\": []}}"u8];
        Assert.Contains("is not UTF-8", Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"tokenizer_class\": \"\\ud800\"}")]
    [InlineData("{\"\\ud800xxxxxxxxxxx\": 1, \"tokenizer_class\": \"x\"}")]
    [InlineData("{\"added_tokens_decoder\": {\"\\udc00\": 1}}")]
    public void FromJson_ConfigThatIsNotUnicode_IsRefused(string config)
    {
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(TinyTokenizers.Json("gpt2"), Encoding.UTF8.GetBytes(config)));
        Assert.Contains("is not valid Unicode", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer_config.json: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_IdOutOfRange_NamesThePiece()
    {
        byte[] json = TinyTokenizers.Json("gpt2", root => root["model"]!["vocab"]!["a"] = 3_000_000_000);
        Assert.Contains("'a' of the vocabulary has no id", Assert.Throws<TokenizerException>(() => Tokenizer.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_HugeId_TakesNoMemoryForTheGap()
    {
        byte[] json = TinyTokenizers.Json("gpt2", root => root["model"]!["vocab"]!["zzz"] = int.MaxValue - 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Tokenizer tokenizer = Tokenizer.FromJson(json);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
        Assert.Equal("zzz", tokenizer.TokenOf(int.MaxValue - 1));
        Assert.Equal(int.MaxValue, tokenizer.VocabularySize);
    }

    [Fact]
    public void Encode_UnknownCharacterWithoutItsPiece_NamesThePiece()
    {
        byte[] json = TinyTokenizers.Json("llama2", root =>
        {
            root["model"]!["byte_fallback"] = false;
            root["model"]!["unk_token"] = "<missing>";
        });
        Tokenizer tokenizer = Tokenizer.FromJson(json);
        Assert.NotEmpty(tokenizer.Encode("the"));
        Assert.Contains("<missing>", Assert.Throws<TokenizerException>(() => tokenizer.Encode("\u0F40")).Message, StringComparison.Ordinal);
    }
}
