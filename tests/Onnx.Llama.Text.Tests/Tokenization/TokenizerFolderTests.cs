using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Testing;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>The layouts of files that a tokenizer comes in.</summary>
public sealed class TokenizerFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_Tales_EncodesAndDecodes()
    {
        Tokenizer tokenizer = Tokenizer.Load(Path.Combine(SharedFolder.Repository, "models", "tales"));
        Assert.Equal(("<|begin_of_text|>", 971), (tokenizer.SpecialTokens.Bos, tokenizer.SpecialTokens.BosId));
        int[] ids = tokenizer.Encode("Once upon a time");
        Assert.Equal(971, ids[0]);
        Assert.Equal("Once upon a time", tokenizer.Decode(ids, skipSpecialTokens: true));
    }

    [Fact]
    public void Load_EmptyFolder_SaysWhatIsExpected()
    {
        Assert.False(Tokenizer.Exists(_folder));
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));
        Assert.Contains("expected tokenizer.json, or vocab.json with merges.txt, or tokenizer.model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2", "GPT2Tokenizer")]
    [InlineData("qwen", "Qwen2Tokenizer")]
    public void Load_VocabAndMerges_EqualsTokenizerJson(string layout, string tokenizerClass)
    {
        JsonObject root = JsonNode.Parse(TinyTokenizers.Json(layout))!.AsObject();
        IEnumerable<string> merges = root["model"]!["merges"]!.AsArray().Select(merge => merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : merge!.GetValue<string>());
        Write("vocab.json", root["model"]!["vocab"]!.ToJsonString());
        Write("merges.txt", "#version: 0.2\n" + string.Join('\n', merges) + "\n");
        IEnumerable<KeyValuePair<string, JsonNode?>> added = root["added_tokens"]!.AsArray().Select(token => KeyValuePair.Create(token!["id"]!.ToString(), (JsonNode?)token.DeepClone()));
        Write("tokenizer_config.json", new JsonObject { ["tokenizer_class"] = tokenizerClass, ["added_tokens_decoder"] = new JsonObject(added) }.ToJsonString());
        Assert.True(Tokenizer.Exists(_folder));
        Tokenizer older = Tokenizer.Load(_folder);
        Tokenizer newer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        var texts = new BoundaryText(3, ["<|endoftext|>"]);
        for (int i = 0; i < 300; i++)
        {
            string text = texts.Next();
            Assert.Equal(newer.Encode(text), older.Encode(text));
        }
    }

    [Fact]
    public void Load_VocabAndMergesOfAnUnknownClass_IsRefusedByName()
    {
        Write("vocab.json", "{}");
        Write("merges.txt", "");
        Write("tokenizer_config.json", """{"tokenizer_class": "RobertaTokenizer"}""");
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));
        Assert.StartsWith("tokenizer_config.json: tokenizer_class: 'RobertaTokenizer' is not implemented for vocab.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "ab", "<s>,▁a,b")]
    [InlineData(true, "a</s>b", "<s>,▁a,</s>,▁,b")]
    [InlineData(false, "a</s>b", "<s>,▁a,</s>,b")]
    [InlineData(false, " é", "<s>,▁,<0xC3>,<0xA9>")]
    public void Load_SentencePiece_FollowsTransformersConversion(bool legacy, string text, string pieces)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePieceBytes(modelType: 2));
        Write("tokenizer_config.json", $$"""{"legacy": {{(legacy ? "true" : "false")}}, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "tokenizer_class": "LlamaTokenizer"}""");
        Tokenizer tokenizer = Tokenizer.Load(_folder);
        Assert.Equal(pieces.Split(','), tokenizer.Encode(text).Select(id => tokenizer.TokenOf(id)));
        Assert.Equal(text.Trim(), tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)).Trim().Replace("</s> ", "</s>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", "{}")]
    [InlineData("{}", """{"model_type": "gemma2"}""")]
    public void Load_SentencePieceOfGemma_FollowsTransformersConversion(string tokenizerConfig, string config)
    {
        // A tab has no piece of its own in Gemma 1 and 2: its byte token becomes one, which the piece of two tabs is made of.
        byte[] bytes =
        [
            .. Control("<pad>", "<eos>", "<bos>", "<unk>"), .. Bytes(),
            .. Piece("▁a", -1, 1), .. Piece("ab", -2, 1), .. Piece("▁", -3, 1), .. Piece("a", -4, 1), .. Piece("b", -5, 1), .. Piece("\t\t", -6, 1),
            .. Piece("<start_of_turn>", 0, 4), .. Piece("<h1>", 0, 4), 0x12, 2, 0x18, 2,
        ];
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), bytes);
        Write("tokenizer_config.json", tokenizerConfig);
        Write("config.json", config);
        Tokenizer tokenizer = Tokenizer.Load(_folder);
        Assert.Equal("<bos>,▁a,b,\t\t,\t,<start_of_turn>,a,<h1>,▁,<0xC3>,<0xA9>".Split(','), tokenizer.Encode(" ab\t\t\t<start_of_turn>a<h1> é").Select(id => tokenizer.TokenOf(id)));
        Assert.Equal((true, false), (tokenizer.IsSpecial(tokenizer.IdOf("<start_of_turn>")!.Value), tokenizer.IsSpecial(tokenizer.IdOf("<h1>")!.Value)));
        Assert.Equal(" ab\t\té", tokenizer.Decode(tokenizer.Encode(" ab\t\té"), skipSpecialTokens: true));
    }

    [Fact]
    public void Load_SentencePieceWithoutConfig_HasTheTokensOfLlama()
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePieceBytes(modelType: 2));
        Tokenizer tokenizer = Tokenizer.Load(_folder);
        Assert.Equal(["<s>", "▁a", "b"], tokenizer.Encode("ab").Select(id => tokenizer.TokenOf(id)));
        Assert.Equal(("<s>", "</s>", "<unk>"), (tokenizer.SpecialTokens.Bos, tokenizer.SpecialTokens.Eos, tokenizer.SpecialTokens.Unk));
    }

    [Fact]
    public void Load_SentencePieceOfAnUnknownClass_IsRefusedByName()
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePieceBytes(modelType: 2));
        Write("tokenizer_config.json", """{"tokenizer_class": "XGLMTokenizer"}""");
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));
        Assert.StartsWith("tokenizer_config.json: tokenizer_class: 'XGLMTokenizer' is not implemented for tokenizer.model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SentencePieceUnigram_IsRefusedByName()
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePieceBytes(modelType: 1));
        TokenizerException error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));
        Assert.StartsWith("tokenizer.model: trainer_spec.model_type: Unigram is not implemented", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "LlamaTokenizerFast", true)]
    [InlineData(false, "LlamaTokenizerFast", false)]
    [InlineData(true, "GPT2Tokenizer", true)]
    [InlineData(null, "GPT2Tokenizer", false)]
    public void Load_SilentPostProcessor_FollowsAddBosToken(bool? addBos, string tokenizerClass, bool expected)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.json"), TinyTokenizers.Json("gpt2"));
        var config = new JsonObject { ["bos_token"] = "<|endoftext|>", ["tokenizer_class"] = tokenizerClass };
        if (addBos is not null) config["add_bos_token"] = addBos;
        Write("tokenizer_config.json", config.ToJsonString());
        Tokenizer tokenizer = Tokenizer.Load(_folder);
        Assert.Equal(expected, tokenizer.Encode("the")[0] == tokenizer.SpecialTokens.BosId);
    }

    [Fact]
    public void Load_SpecialTokensMapAndAddedTokens_AreReadWhereTheConfigListsNone()
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.json"), TinyTokenizers.Json("gpt2"));
        Write("tokenizer_config.json", """{"bos_token": "<a>"}""");
        Write("special_tokens_map.json", """{"bos_token": {"content": "<b>"}, "eos_token": "<e>", "additional_special_tokens": ["<x>"]}""");
        Write("added_tokens.json", """{"<y>": 9001, "<x>": 9000}""");
        Tokenizer tokenizer = Tokenizer.Load(_folder);
        Assert.Equal(("<b>", "<e>"), (tokenizer.SpecialTokens.Bos, tokenizer.SpecialTokens.Eos));
        int[] ids = tokenizer.Encode("<x><y><e>");
        Assert.Equal(["<x>", "<y>", "<e>"], ids.Select(id => tokenizer.TokenOf(id)));
        Assert.Equal([true, false, true], ids.Select(tokenizer.IsSpecial));
    }

    [Fact]
    public void BytesOf_EveryKindOfToken_GivesWhatItAddsToAText()
    {
        Tokenizer byteLevel = Tokenizer.FromJson(TinyTokenizers.Json("gpt2"));
        Tokenizer fallback = Tokenizer.FromJson(TinyTokenizers.Json("llama2"));
        Assert.Equal(" the"u8.ToArray(), byteLevel.BytesOf(byteLevel.IdOf("Ġthe")!.Value));
        Assert.Equal([0xF0], byteLevel.BytesOf(byteLevel.IdOf("ð")!.Value));
        Assert.Equal(" the"u8.ToArray(), fallback.BytesOf(fallback.IdOf("▁the")!.Value));
        Assert.Equal([0xE2], fallback.BytesOf(fallback.IdOf("<0xE2>")!.Value));
        Assert.Empty(fallback.BytesOf(1_000_000));
    }

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(_folder, file), content);

    private static byte[] SentencePieceBytes(byte modelType) =>
    [
        .. Piece("<unk>", 0, 2), .. Control("<s>", "</s>"), .. Bytes(),
        .. Piece("▁a", -1, 1), .. Piece("ab", -2, 1), .. Piece("▁", -3, 1), .. Piece("a", -4, 1), .. Piece("b", -5, 1), 0x12, 2, 0x18, modelType,
    ];

    private static IEnumerable<byte> Control(params string[] pieces) => pieces.SelectMany(piece => Piece(piece, 0, piece == "<unk>" ? (byte)2 : (byte)3));

    private static IEnumerable<byte> Bytes() => Enumerable.Range(0, 256).SelectMany(value => Piece($"<0x{value:X2}>", 0, type: 6));

    // ModelProto.pieces (field 1): piece (1), score (2), type (3).
    private static byte[] Piece(string text, float score, byte type)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] bits = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bits, score);
        byte[] message = [0x0A, (byte)utf8.Length, .. utf8, 0x15, .. bits, 0x18, type];
        return [0x0A, (byte)message.Length, .. message];
    }
}
