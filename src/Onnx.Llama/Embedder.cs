using Onnx.Llama.Heads;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama;

/// <summary>
/// A model that makes a vector of a text, so that texts of like meaning have vectors of like direction. Thread-safe: calls may come at the same time; their
/// batches take turns.
/// </summary>
public sealed class Embedder : IDisposable
{
    private static readonly EmbeddingOptions s_defaults = new();

    private readonly HeadModel _model;
    private readonly SentencePrompts _prompts;

    private Embedder(HeadModel model, SentencePrompts prompts)
    {
        _model = model;
        _prompts = prompts;
    }

    /// <summary>The model's folder.</summary>
    public string Folder => _model.Folder;

    /// <summary>Where it runs.</summary>
    public Provider Provider => _model.Decisions.Single(decision => decision.Taken).Provider;

    /// <summary>The graph that runs.</summary>
    public ModelVariant Variant => _model.Variant;

    /// <summary>Every provider, and why it was or was not taken.</summary>
    public IReadOnlyList<ProviderDecision> ProviderDecisions => _model.Decisions;

    /// <summary>The most tokens of a text.</summary>
    public int ContextLength => _model.Head.ContextLength;

    /// <summary>How many tokens the model knows.</summary>
    public int VocabularySize => _model.Head.VocabularySize;

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions => _model.Head.Width;

    /// <summary>How a vector is made of the tokens' vectors: <c>mean</c> or <c>last</c>.</summary>
    public string Pooling => _model.Head.Pooling!;

    /// <summary>Whether vectors have length 1, so that their scalar product is their cosine.</summary>
    public bool IsNormalized => _model.Head.Normalized ?? false;

    /// <summary>The prompts of the folder's config_sentence_transformers.json, by name; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Prompts => _prompts.Prompts;

    /// <summary>The name of the prompt that stands before a text where no other is asked for; null for none.</summary>
    public string? DefaultPrompt => _prompts.DefaultPromptName;

    /// <summary>The model's tokenizer; null where the folder has none, and then only tokens can be embedded.</summary>
    public Tokenizer? Tokenizer => _model.Tokenizer;

    /// <summary>Opens the converted folder of a model of sentence vectors.</summary>
    /// <param name="folder">The folder that holds onnx_llama.json.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the packing of weights, which leaves nothing behind; the rest of the opening takes its time.</param>
    /// <exception cref="ModelException">
    /// The folder is not there, not complete or of another task, or no provider can run it, or an environment variable of the kernels is wrong.
    /// </exception>
    /// <exception cref="ManifestException">onnx_llama.json cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Embedder Open(string folder, ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        SentencePrompts prompts = SentencePrompts.Load(folder);
        return new Embedder(HeadOpener.Open(folder, ModelTask.Embed, options ?? new ModelOptions(), cancellationToken), prompts);
    }

    /// <summary>The tokens that the model sees of a text: the prompt's and the text's, with those that begin and end a text.</summary>
    /// <exception cref="ModelException">There is no tokenizer or no such prompt, or the tokens are none or, unless they may be cut off, more than the context.</exception>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public int[] Encode(string text, EmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= s_defaults;
        return _model.Encode(_prompts.Of(options.Prompt) + text, options.Truncate);
    }

    /// <summary>The vector of a text.</summary>
    /// <returns>float32 [<see cref="Dimensions"/>].</returns>
    /// <inheritdoc cref="Embed(IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)"/>
    public float[] Embed(string text, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Embed([text], options, cancellationToken)[0];
    }

    /// <summary>The vectors of texts. Returns when all are computed; it computes on the model's threads, and holds the caller's.</summary>
    /// <param name="texts">The texts; none of them without tokens.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work, within a batch too.</param>
    /// <returns>For each text, in their order, float32 [<see cref="Dimensions"/>].</returns>
    /// <exception cref="ModelException">There is no tokenizer or no such prompt; a text has no tokens or, unless it may be cut off, more than the context; or memory is short.</exception>
    /// <exception cref="TokenizerException">A text cannot be tokenized.</exception>
    public float[][] Embed(IReadOnlyList<string> texts, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= s_defaults;
        string prompt = _prompts.Of(options.Prompt);
        return _model.Run(_model.EncodeAll([.. texts.Select(text => prompt + text)], options.Truncate, cancellationToken), options, cancellationToken);
    }

    /// <summary>The vectors of texts given as tokens, which are taken as they are: no prompt, and no tokens that begin or end a text, are added.</summary>
    /// <param name="texts">Ids of tokens, at least one for each text.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work, within a batch too.</param>
    /// <returns>For each text, in their order, float32 [<see cref="Dimensions"/>].</returns>
    /// <exception cref="ModelException">A text has no tokens, one outside the vocabulary or, unless it may be cut off, more than the context; or memory is short.</exception>
    public float[][] Embed(IReadOnlyList<int[]> texts, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return _model.Run(texts, options ?? s_defaults, cancellationToken);
    }

    /// <summary>Closes the model, after the batch that is running; calls that are not done fail with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _model.Dispose();
}
