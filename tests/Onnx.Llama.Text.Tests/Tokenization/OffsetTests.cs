using System.Text.Json.Nodes;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

public class OffsetTests
{
    [Theory]
    [InlineData("gpt2", "the fox", "the/ fox")]
    [InlineData("qwen", "cafe\u0301 the", "cafe\u0301/ the")]
    [InlineData("llama2", "the the", "the/ the")]
    [InlineData("gemma", "the the", "the/ the")]
    [InlineData("llama3", "<|eot_id|>the", "<|eot_id|>/the")]
    public void EncodeWithOffsets_Words_CutTheTextAsItCame(string layout, string text, string words)
    {
        TokenSpan[] tokens = Tokenizer.FromJson(TinyTokenizers.Json(layout)).EncodeWithOffsets(text, addSpecialTokens: false);
        Assert.Equal(text, string.Concat(tokens.Select(token => text[token.Start..token.End])));
        IEnumerable<int> ends = words.Split('/').Select((_, index) => string.Concat(words.Split('/').Take(index + 1)).Length);
        Assert.Superset(ends.ToHashSet(), tokens.Select(token => token.End).ToHashSet());
    }

    [Fact]
    public void EncodeWithOffsets_CharacterOfSeveralTokens_EachHasTheWholeCharacter()
    {
        TokenSpan[] tokens = Tokenizer.FromJson(TinyTokenizers.Json("gpt2")).EncodeWithOffsets("a𐌰b");
        Assert.Equal((0, 1), (tokens[0].Start, tokens[0].End));
        Assert.Equal((3, 4), (tokens[^1].Start, tokens[^1].End));
        Assert.True(tokens.Length > 3);
        Assert.All(tokens[1..^1], token => Assert.Equal((1, 3), (token.Start, token.End)));
    }

    [Fact]
    public void EncodeWithOffsets_ShortTextAfterALongOne_TakesLittleMemory()
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json("gpt2"));
        tokenizer.Count(string.Concat(Enumerable.Repeat("the ", 250_000)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.EncodeWithOffsets("the fox");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
    }

    [Fact]
    public void EncodeWithOffsets_BeginningToken_TakesNoRoom()
    {
        TokenSpan first = Tokenizer.FromJson(TinyTokenizers.Json("llama3")).EncodeWithOffsets("the")[0];
        Assert.Equal(new TokenSpan(first.Id, 0, 0), first);
    }

    [Fact]
    public void EncodeWithOffsets_TrimOffsets_LeavesSpacesOut()
    {
        byte[] json = TinyTokenizers.Json("gpt2", root => root["post_processor"]!["trim_offsets"] = true);
        string text = "the fox  and the dog";
        TokenSpan[] trimmed = Tokenizer.FromJson(json).EncodeWithOffsets(text);
        TokenSpan[] whole = Tokenizer.FromJson(TinyTokenizers.Json("gpt2")).EncodeWithOffsets(text);
        Assert.Equal("thefoxandthedog", string.Concat(trimmed.Select(token => text[token.Start..token.End])));
        Assert.Equal(text, string.Concat(whole.Select(token => text[token.Start..token.End])));
    }

    [Fact]
    public void EncodeWithOffsets_TokenThatStrips_TakesTheWhiteSpaceAlong()
    {
        byte[] json = TinyTokenizers.Json("gpt2", root => root["added_tokens"]!.AsArray().Add((JsonNode)TinyTokenizers.AddedToken(0, "<m>", lstrip: true, rstrip: true)));
        TokenSpan token = Tokenizer.FromJson(json).EncodeWithOffsets("a  <m>\n b").Single(token => token.End - token.Start > 3);
        Assert.Equal((1, 8), (token.Start, token.End));
    }

    [Fact]
    public void EncodeWithOffsets_UnpairedSurrogate_KeepsPlaces()
    {
        TokenSpan[] tokens = Tokenizer.FromJson(TinyTokenizers.Json("gpt2")).EncodeWithOffsets("a\uD800b");
        Assert.Equal((2, 3), (tokens[^1].Start, tokens[^1].End));
    }
}
