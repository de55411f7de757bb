using Onnx.Llama.Heads;
using Onnx.Llama.Manifest;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Runtime;

/// <summary>Opens the folder of a classifier or an embedder.</summary>
internal static class HeadOpener
{
    private const string Scores = "scores";
    private const string Embedding = "embedding";

    /// <summary>Opens a folder of a task other than text.</summary>
    /// <exception cref="ModelException">The folder is not there, not complete or of another task, or no provider can run it.</exception>
    /// <exception cref="ManifestException">onnx_llama.json cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static HeadModel Open(string folder, ModelTask task, ModelOptions options, CancellationToken cancellationToken)
    {
        VariantOpener.CheckFolder(folder);
        string file = Path.Combine(folder, ModelManifest.FileName);
        ModelManifest manifest = ModelManifest.Load(folder) ?? throw NoManifest(folder, file, task);
        HeadDescription head = Check(file, manifest, task);
        Tokenizer? tokenizer = Tokenizer.Exists(folder) ? Tokenizer.Load(folder) : null;
        string output = task == ModelTask.Classify ? Scores : Embedding;
        OpenedVariant<HeadGraph> opened = VariantOpener.Open(
            folder, manifest.Variants, options, (variant, provider) => OpenGraph(folder, variant, provider, options, output, head.Width, cancellationToken));
        return new HeadModel(folder, opened, head, manifest.LengthDependentRope, tokenizer);
    }

    /// <summary>The fault of opening a model as what it is not.</summary>
    public static ModelException OtherTask(string file, ModelTask found, ModelTask wanted)
    {
        string type = found switch { ModelTask.Classify => nameof(Classifier), ModelTask.Embed => nameof(Embedder), _ => nameof(LanguageModel) };
        string verb = found == ModelTask.Text ? "run" : NameOf(found);
        return new ModelException(file, $"task is {NameOf(found)}", NameOf(wanted), $"Open this model as {type} (onnx-llama {verb}).");
    }

    /// <summary>A task as the manifest spells it.</summary>
    private static string NameOf(ModelTask task) => task switch { ModelTask.Classify => "classify", ModelTask.Embed => "embed", _ => "text" };

    private static HeadGraph OpenGraph(
        string folder, ModelVariant variant, Provider provider, ModelOptions options, string output, int width, CancellationToken cancellationToken)
    {
        string path = SessionFactory.PathOf(folder, variant.File);
        GraphSession session = SessionFactory.Open(path, provider, options, cancellationToken);
        try
        {
            return new HeadGraph(session, path, output, width);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static HeadDescription Check(string file, ModelManifest manifest, ModelTask task)
    {
        if (manifest.Task != task) throw OtherTask(file, manifest.Task, task);
        HeadDescription head = manifest.Head ?? throw Wrong("head is not there", "what the graph takes and gives");
        if (head.ContextLength < 1) throw Wrong($"head.context_length is {head.ContextLength}", "at least 1");
        if (head.VocabularySize < 1) throw Wrong($"head.vocabulary_size is {head.VocabularySize}", "at least 1");
        if (head.Width < 1) throw Wrong($"head.width is {head.Width}", "at least 1");
        if (task == ModelTask.Embed && head.Pooling is not ("mean" or "last")) throw Wrong($"head.pooling is '{head.Pooling}'", "mean or last");
        if (task == ModelTask.Classify && head.Labels?.Count != head.Width) throw Wrong($"head.labels has {head.Labels?.Count ?? 0} names", $"{head.Width}, head.width");
        return head;

        ModelException Wrong(string found, string expected) => new(file, found, expected, "Convert the checkpoint again.");
    }

    private static ModelException NoManifest(string folder, string file, ModelTask task) => File.Exists(Path.Combine(folder, GenAiConfig.FileName))
        ? OtherTask(Path.Combine(folder, GenAiConfig.FileName), ModelTask.Text, task)
        : new ModelException(file, "is missing", "it in a model's folder", "Convert the checkpoint again, or give the folder that holds the converted model.");
}
