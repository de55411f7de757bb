using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Text.Tests.Tokenization;

/// <summary>What holds for every text, on vocabularies trained in these tests.</summary>
public class TokenizerPropertyTests
{
    public static TheoryData<string> Layouts => [.. TinyTokenizers.Names];

    public static TheoryData<string> ByteLevelLayouts => [.. TinyTokenizers.ByteLevelNames];

    [Theory]
    [MemberData(nameof(ByteLevelLayouts))]
    public void Decode_OfEncode_GivesTheTextOrItsNormalForm(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        ForAll(text => tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)) == (layout == "qwen" ? Nfc(text) : text));
    }

    [Theory]
    [MemberData(nameof(ByteLevelLayouts))]
    public void Append_OneByOne_GivesTheWholeDecode(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        var random = new Random(1);
        ForAll(text =>
        {
            // Left-out tokens break characters, which both must mend alike.
            int[] ids = [.. tokenizer.Encode(text).Where(_ => random.Next(10) > 0)];
            StreamingDecoder decoder = tokenizer.CreateDecoder();
            string[] parts = [.. ids.Select(decoder.Append), decoder.Flush()];
            return string.Concat(parts) == tokenizer.Decode(ids) && parts.All(part => part == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part)));
        });
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Append_ValidText_GivesTheWholeDecode(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        ForAll(text =>
        {
            int[] ids = tokenizer.Encode(text);
            StreamingDecoder decoder = tokenizer.CreateDecoder(skipSpecialTokens: true);
            return string.Concat(ids.Select(decoder.Append)) + decoder.Flush() == tokenizer.Decode(ids, skipSpecialTokens: true);
        });
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Encode_AroundASpecialToken_IsEachSideByItself(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        string special = Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial).Select(id => tokenizer.TokenOf(id)!).First();
        ForAll(text =>
        {
            (string left, string right) = (text[..(text.Length / 2)], text[(text.Length / 2)..]);
            int[] expected =
            [
                .. tokenizer.Encode(left, addSpecialTokens: false),
                tokenizer.IdOf(special)!.Value,
                .. tokenizer.Encode(right, addSpecialTokens: false),
            ];
            return expected.SequenceEqual(tokenizer.Encode(left + special + right, addSpecialTokens: false));
        });
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Count_AndEveryOverload_EqualEncode(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        ForAll(text =>
        {
            int[] ids = tokenizer.Encode(text);
            var writer = new ArrayBufferWriter<int>();
            return tokenizer.Count(text) == ids.Length
                && tokenizer.Encode(text, writer) == ids.Length
                && writer.WrittenSpan.SequenceEqual(ids)
                && tokenizer.EncodeWithOffsets(text).Select(token => token.Id).SequenceEqual(ids);
        });
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void EncodeWithOffsets_AnyText_PlacesAreInOrderAndCoverIt(string layout)
    {
        Tokenizer tokenizer = Tokenizer.FromJson(TinyTokenizers.Json(layout));
        ForAll(text =>
        {
            TokenSpan[] tokens = tokenizer.EncodeWithOffsets(text, addSpecialTokens: false);
            bool ordered = tokens.Zip(tokens.Skip(1)).All(pair => pair.First.Start <= pair.Second.Start && pair.First.End <= pair.Second.End);
            bool inside = tokens.All(token => token.Start >= 0 && token.Start <= token.End && token.End <= text.Length);
            int covered = tokens.Length == 0 ? 0 : tokens[^1].End;
            return ordered && inside && covered == text.Length && (tokens.Length == 0 || tokens[0].Start == 0)
                && tokens.Zip(tokens.Skip(1)).All(pair => pair.Second.Start <= pair.First.End);
        });
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Encode_FromManyThreads_GivesTheSameIds(string layout)
    {
        byte[] json = TinyTokenizers.Json(layout);
        string[] texts = [.. Enumerable.Range(0, 200).Select(seed => new BoundaryText(seed).Next())];
        int[][] expected = [.. texts.Select(text => Tokenizer.FromJson(json).Encode(text))];
        Tokenizer shared = Tokenizer.FromJson(json);
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % texts.Length], shared.Encode(texts[i % texts.Length])));
    }

    private static void ForAll(Func<string, bool> property)
    {
        Gen<string> boundaries = Gen.Choose(0, int.MaxValue - 1).Select(seed => new BoundaryText(seed).Next());
        Gen<string> any = ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get ?? "")));
        Arbitrary<string> texts = Gen.OneOf(boundaries, any).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20261124, 7), Prop.ForAll(texts, property));
    }

    private static string Nfc(string text) => string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(NormalizationForm.FormC)));
}
