using System.Numerics.Tensors;
using Onnx.Llama.Heads;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama;

/// <summary>A model that says which labels a text deserves. Thread-safe: calls may come at the same time; their batches take turns.</summary>
public sealed class Classifier : IDisposable
{
    private static readonly BatchOptions s_defaults = new();

    private readonly HeadModel _model;

    private Classifier(HeadModel model) => _model = model;

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

    /// <summary>The labels, in the order of the model's scores.</summary>
    public IReadOnlyList<string> Labels => _model.Head.Labels!;

    /// <summary>The model's tokenizer; null where the folder has none, and then only tokens can be classified.</summary>
    public Tokenizer? Tokenizer => _model.Tokenizer;

    /// <summary>Opens the converted folder of a classifier.</summary>
    /// <param name="folder">The folder that holds onnx_llama.json.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the packing of weights, which leaves nothing behind; the rest of the opening takes its time.</param>
    /// <exception cref="ModelException">
    /// The folder is not there, not complete or of another task, or no provider can run it, or an environment variable of the kernels is wrong.
    /// </exception>
    /// <exception cref="ManifestException">onnx_llama.json cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Classifier Open(string folder, ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new Classifier(HeadOpener.Open(folder, ModelTask.Classify, options ?? new ModelOptions(), cancellationToken));
    }

    /// <summary>The tokens that the model sees of a text, with those that begin and end a text.</summary>
    /// <exception cref="ModelException">There is no tokenizer, or the tokens are none or, unless they may be cut off, more than the context.</exception>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public int[] Encode(string text, BatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _model.Encode(text, (options ?? s_defaults).Truncate);
    }

    /// <summary>The labels of a text.</summary>
    /// <returns>Every label, that of the greatest score first.</returns>
    /// <inheritdoc cref="Classify(IReadOnlyList{string}, BatchOptions?, CancellationToken)"/>
    public LabelScore[] Classify(string text, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Classify([text], options, cancellationToken)[0];
    }

    /// <summary>The labels of texts. Returns when all are computed; it computes on the model's threads, and holds the caller's.</summary>
    /// <param name="texts">The texts; none of them without tokens.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work, within a batch too.</param>
    /// <returns>For each text, in their order, every label, that of the greatest score first.</returns>
    /// <exception cref="ModelException">There is no tokenizer; a text has no tokens or, unless it may be cut off, more than the context; or memory is short.</exception>
    /// <exception cref="TokenizerException">A text cannot be tokenized.</exception>
    public LabelScore[][] Classify(IReadOnlyList<string> texts, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= s_defaults;
        return Classify(_model.EncodeAll(texts, options.Truncate, cancellationToken), options, cancellationToken);
    }

    /// <summary>The labels of texts given as tokens, which are taken as they are.</summary>
    /// <inheritdoc cref="Score"/>
    /// <returns>For each text, in their order, every label, that of the greatest score first.</returns>
    public LabelScore[][] Classify(IReadOnlyList<int[]> texts, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        [.. Score(texts, options, cancellationToken).Select(Ranked)];

    /// <summary>The scores of texts given as tokens, which are taken as they are: no tokens that begin or end a text are added.</summary>
    /// <param name="texts">Ids of tokens, at least one for each text.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work, within a batch too.</param>
    /// <returns>For each text, in their order, a float32 score for each of <see cref="Labels"/>.</returns>
    /// <exception cref="ModelException">A text has no tokens, one outside the vocabulary or, unless it may be cut off, more than the context; or memory is short.</exception>
    public float[][] Score(IReadOnlyList<int[]> texts, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return _model.Run(texts, options ?? s_defaults, cancellationToken);
    }

    /// <summary>Closes the model, after the batch that is running; calls that are not done fail with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _model.Dispose();

    private LabelScore[] Ranked(float[] scores)
    {
        float[]? probabilities = Probabilities(scores);
        return [.. scores.Select((score, label) => new LabelScore(Labels[label], score, probabilities?[label])).OrderByDescending(label => label.Score)];
    }

    private float[]? Probabilities(float[] scores)
    {
        float[] probabilities = new float[scores.Length];
        switch (_model.Head.Function)
        {
            case ScoreFunction.Softmax:
                // Without the greatest, exp overflows from 88 on.
                TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), probabilities);
                TensorPrimitives.SoftMax(probabilities, probabilities);
                return probabilities;
            case ScoreFunction.Sigmoid:
                TensorPrimitives.Sigmoid(scores, probabilities);
                return probabilities;
            default:
                return null;
        }
    }
}
