using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

public class EdgeInputTests
{
    private const int Units = 10_000_000;

    [Theory]
    [InlineData("gpt2", "z")]
    [InlineData("llama3", "😀")]
    [InlineData("llama2", "z")]
    public void Count_TenMegabytesOfOneCharacter_IsThatOfItsParts(string layout, string character)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        int count = Units / character.Length;
        int one = tokenizer.Count(character, addSpecialTokens: false);
        int hundred = tokenizer.Count(Repeat(character, 100), addSpecialTokens: false);
        int thousand = tokenizer.Count(Repeat(character, 1000), addSpecialTokens: false);
        int all = tokenizer.Count(Repeat(character, count), addSpecialTokens: false);

        // Each further character of a run costs the same, whatever merges make of them.
        double each = (thousand - hundred) / 900.0;
        Assert.InRange(all, (long)(each * count * 0.99), (long)(each * count * 1.01) + one + 1);
    }

    /// <summary>The memory of the longest word: 64 bytes for each of the text are promised; a letter that merges over and over takes about 25.</summary>
    [Fact]
    public void Count_TenMegabytesOfALetterThatMerges_StaysWithinItsMemory()
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json("llama3", root =>
        {
            for (string left = "z"; left.Length < 128; left += left)
            {
                root["model"]!["vocab"]!.AsObject().Add(left + left, root["model"]!["vocab"]!.AsObject().Count + 10);
                root["model"]!["merges"]!.AsArray().Add($"{left} {left}");
            }
        }));
        string text = new('z', Units);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Units / 128, tokenizer.Count(text, addSpecialTokens: false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32L * Units);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\0")]
    [InlineData("a\uFFFEb\uFFFF")]
    [InlineData("\uFEFFa")]
    [InlineData("")]
    public void Decode_OfEncodeOfOddCharacters_GivesThem(string text)
    {
        foreach (string layout in TinyTokenizers.Names)
        {
            Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)));
        }
    }

    [Fact]
    public void Encode_UnpairedSurrogates_IsThatOfReplacementCharacters()
    {
        foreach (string layout in TinyTokenizers.Names)
        {
            Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
            Assert.Equal(tokenizer.Encode("a\uFFFD😀\uFFFD\uFFFD"), tokenizer.Encode("a\uDC00😀\uD83D\uD83D"));
        }
    }

    [Fact]
    public void Decode_IdsThatNoTokenHas_AreLeftOut()
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json("gpt2"));
        int id = tokenizer.IdOf("Ġthe")!.Value;
        Assert.Equal(" the the", tokenizer.Decode([id, -1, int.MaxValue, tokenizer.VocabularySize, int.MinValue, id]));
        Assert.Null(tokenizer.TokenOf(-1));
    }

    private static string Repeat(string text, int count) => string.Create(text.Length * count, text, static (span, text) =>
    {
        for (int i = 0; i < span.Length; i += text.Length) text.CopyTo(span[i..]);
    });
}
