using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Tests.Heads;

/// <summary>Seeded models of whole texts with the demo's tokenizer, converted at fp32, with what they should give.</summary>
public sealed class HeadFolders : IDisposable
{
    public const int Context = 64;
    private const int Vocabulary = 976;

    private static readonly ReferenceConfig s_config = TinyCheckpoint.Default with { VocabSize = Vocabulary, MaxPositions = Context };
    private readonly TemporaryFolder _folder = new();

    public HeadFolders()
    {
        string tokenizer = Path.Combine(SharedFolder.Repository, "models", "tales", "tokenizer.json");
        ClassifierSource = TinyHead.Classifier(_folder["classifier"], s_config, labels: 3, tokenizer);
        EmbedderSource = TinyHead.Embedder(_folder["embedder"], s_config, isLast: false, tokenizer);
        File.WriteAllText(
            Path.Combine(EmbedderSource.Folder, "config_sentence_transformers.json"),
            """{"prompts": {"query": "Find this: ", "document": ""}, "default_prompt_name": "document"}""");
        (Classifier, Embedder) = (Convert(ClassifierSource.Folder), Convert(EmbedderSource.Folder));
    }

    public TinyHead ClassifierSource { get; }

    public TinyHead EmbedderSource { get; }

    public string Classifier { get; }

    public string Embedder { get; }

    /// <summary>Texts of many lengths: 1 to so many tokens each.</summary>
    public static int[][] Texts(int count)
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, count).Select(text => Enumerable.Range(0, 1 + (text * 13 % 37)).Select(_ => random.Next(Vocabulary)).ToArray())];
    }

    /// <summary>A copy of a folder, to spoil.</summary>
    public string Copy(string folder)
    {
        string copy = Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N")]).FullName;
        foreach (string file in Directory.GetFiles(folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => _folder.Dispose();

    private static string Convert(string source)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = PrecisionRecipe.Fp32, Threads = 1 });
        return plan.Write(source + "-fp32", progress: null, CancellationToken.None).Folder;
    }
}
