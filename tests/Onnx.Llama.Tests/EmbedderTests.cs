using Onnx.Llama.Tests.Decoding;
using Onnx.Llama.Tests.Heads;

namespace Onnx.Llama.Tests;

public sealed class EmbedderTests(HeadFolders folders, TalesFolders tales) : IClassFixture<HeadFolders>
{
    private const float Tolerance = 1e-5f;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Open_ConvertedFolder_TellsWhatItIs()
    {
        using Embedder embedder = Open();
        Assert.Equal((64, 976, 64), (embedder.Dimensions, embedder.VocabularySize, embedder.ContextLength));
        Assert.Equal(("mean", true, "document"), (embedder.Pooling, embedder.IsNormalized, embedder.DefaultPrompt));
        Assert.Equal(["document", "query"], embedder.Prompts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((Provider.Cpu, "fp32"), (embedder.Provider, embedder.Variant.Precision));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Embed_TextsOfManyLengths_GivesTheReferenceInTheirOrder(int batch)
    {
        using Embedder embedder = Open();
        int[][] texts = HeadFolders.Texts(20);

        float[][] found = embedder.Embed(texts, new EmbeddingOptions { BatchSize = batch }, Cancellation);

        for (int i = 0; i < texts.Length; i++) AssertNear(folders.EmbedderSource.Vector(texts[i], isLast: false), found[i]);
    }

    [Fact]
    public async Task Embed_ManyCallersAtOnce_GiveWhatEachGivesAlone()
    {
        using Embedder embedder = Open();
        int[][] texts = HeadFolders.Texts(12);
        float[][] alone = [.. texts.Select(text => embedder.Embed([text], null, Cancellation)[0])];

        float[][][] together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => embedder.Embed(texts, null, Cancellation), Cancellation)));

        foreach (float[][] found in together)
        {
            for (int i = 0; i < texts.Length; i++) AssertNear(alone[i], found[i]);
        }
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("document", "")]
    [InlineData("query", "Find this: ")]
    public void Embed_Prompt_StandsBeforeTheText(string? name, string prompt)
    {
        using Embedder embedder = Open();
        EmbeddingOptions options = new() { Prompt = name };
        int[] ids = embedder.Tokenizer!.Encode(prompt + "an owl");

        Assert.Equal(ids, embedder.Encode("an owl", options));
        AssertNear(folders.EmbedderSource.Vector(ids, isLast: false), embedder.Embed("an owl", options, Cancellation));
    }

    [Fact]
    public void Embed_UnknownPrompt_NamesTheKnown()
    {
        using Embedder embedder = Open();
        ModelException fault = Assert.Throws<ModelException>(() => embedder.Embed("an owl", new EmbeddingOptions { Prompt = "passage" }, Cancellation));
        Assert.Contains("'passage' is not known; expected one of document, query", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_TextLongerThanTheContext_IsRefusedOrCutAsAskedFor()
    {
        using Embedder embedder = Open();
        string text = string.Join(' ', Enumerable.Repeat("owl", 200));
        int[] ids = embedder.Tokenizer!.Encode(text);

        ModelException fault = Assert.Throws<ModelException>(() => embedder.Embed(["an owl", text], null, Cancellation));
        Assert.Contains($"texts[1] has {ids.Length} tokens; expected 1 to 64, the model's context", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => embedder.Embed([ids], null, Cancellation));
        EmbeddingOptions truncate = new() { Truncate = true };
        Assert.Equal(ids[..64], embedder.Encode(text, truncate));
        AssertNear(folders.EmbedderSource.Vector(ids[..64], isLast: false), embedder.Embed(text, truncate, Cancellation));
    }

    [Fact]
    public void Embed_EmptyText_IsTheTokenThatBeginsEveryText()
    {
        using Embedder embedder = Open();
        int begin = Assert.Single(embedder.Encode(""));
        AssertNear(folders.EmbedderSource.Vector([begin], isLast: false), embedder.Embed("", null, Cancellation));
        Assert.Empty(embedder.Embed(Array.Empty<string>(), null, Cancellation));
    }

    [Fact]
    public void Embed_BadTokens_AreNamed()
    {
        using Embedder embedder = Open();
        AssertRefused("texts[1] has 0 tokens", [1], []);
        AssertRefused("texts[0] has the token 976; expected 0 to 975", [3, 976]);
        AssertRefused("texts[0] has the token -1", [-1]);

        void AssertRefused(string expected, params int[][] texts)
        {
            ModelException fault = Assert.Throws<ModelException>(() => embedder.Embed(texts, null, Cancellation));
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Embed_CancelledOrClosed_Ends()
    {
        Embedder embedder = Open();
        Assert.ThrowsAny<OperationCanceledException>(() => embedder.Embed("an owl", null, new CancellationToken(canceled: true)));
        embedder.Dispose();
        embedder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => embedder.Embed("an owl", null, Cancellation));
    }

    [Fact]
    public void Embed_NoTokenizer_TakesTokensAndRefusesText()
    {
        string folder = folders.Copy(folders.Embedder);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        using Embedder embedder = Embedder.Open(folder, Decoders.Options, Cancellation);

        Assert.Equal(64, embedder.Embed([[1, 2, 3]], null, Cancellation)[0].Length);
        ModelException fault = Assert.Throws<ModelException>(() => embedder.Embed("an owl", null, Cancellation));
        Assert.Contains("has no tokenizer", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ModelOfAnotherTask_SaysWhatItIs()
    {
        AssertTask(() => Embedder.Open(tales.Int4, Decoders.Options), "task is text; expected embed. Open this model as LanguageModel");
        AssertTask(() => Embedder.Open(folders.Classifier, Decoders.Options), "task is classify; expected embed. Open this model as Classifier");
        AssertTask(() => LanguageModel.Open(folders.Embedder, Decoders.Options), "task is embed; expected text. Open this model as Embedder");
        using TinyModel others = new();
        AssertTask(() => Embedder.Open(others.Folder, Decoders.Options), "task is text; expected embed");

        static void AssertTask(Func<IDisposable> open, string expected) =>
            Assert.Contains(expected, Assert.Throws<ModelException>(open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json", "cannot be read")]
    [InlineData("""{"prompts": {"query": 5}}""", "cannot be read")]
    [InlineData("""{"prompts": {"query": null}}""", "the prompt 'query' is null")]
    [InlineData("""{"prompts": {"query": "x"}, "default_prompt_name": "passage"}""", "default_prompt_name is 'passage'; expected one of its prompts (query)")]
    public void Open_PromptsBroken_NamesTheFile(string json, string expected) =>
        AssertRefused(folder => File.WriteAllText(Path.Combine(folder, "config_sentence_transformers.json"), json), "config_sentence_transformers.json: " + expected);

    [Theory]
    [InlineData("\"width\": 64", "\"width\": 63", "'embedding' is Float [-1, 64]; expected Float [texts, 63]")]
    [InlineData("\"width\": 64", "\"width\": 0", "head.width is 0")]
    [InlineData("\"context_length\": 64,\n    \"vocabulary_size\"", "\"context_length\": 0,\n    \"vocabulary_size\"", "head.context_length is 0")]
    [InlineData("\"vocabulary_size\": 976", "\"vocabulary_size\": -4", "head.vocabulary_size is -4")]
    [InlineData("\"pooling\": \"mean\"", "\"pooling\": \"max\"", "head.pooling is 'max'; expected mean or last")]
    [InlineData("\"file\": \"model.onnx\"", "\"file\": \"../model.onnx\"", "the graph's file is '../model.onnx'")]
    [InlineData("\"head\": {", "\"tail\": {", "head is not there")]
    public void Open_ManifestThatContradictsTheGraph_NamesIt(string from, string to, string expected) => AssertRefused(
        folder =>
        {
            string file = Path.Combine(folder, "onnx_llama.json");
            string json = File.ReadAllText(file);
            Assert.Contains(from, json, StringComparison.Ordinal);
            File.WriteAllText(file, json.Replace(from, to, StringComparison.Ordinal));
        },
        expected);

    [Fact]
    public void Open_GraphOfAClassifier_NamesTheOutputThatIsMissing() => AssertRefused(
        folder =>
        {
            foreach (string file in Directory.GetFiles(folders.Classifier, "model.onnx*")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        },
        "the graph has no output 'embedding'");

    private Embedder Open() => Embedder.Open(folders.Embedder, Decoders.Options);

    private void AssertRefused(Action<string> spoil, string expected)
    {
        string folder = folders.Copy(folders.Embedder);
        spoil(folder);
        ModelException fault = Assert.Throws<ModelException>(() => Embedder.Open(folder, Decoders.Options));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, Tolerance);
    }
}
