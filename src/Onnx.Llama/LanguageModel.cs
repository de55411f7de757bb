using System.Runtime.CompilerServices;
using Onnx.Llama.Decoding;
using Onnx.Llama.Generation;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;
using Onnx.Llama.Sampling;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama;

/// <summary>
/// A model of a converted folder, ready to continue text. Thread-safe: generations may run at the same time; their steps take turns, and each gives
/// the same tokens as if it ran alone.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    /// <summary>Room for an answer of unknown length, in tokens, before its cache first doubles.</summary>
    private const int OpenEndedRoom = 256;

    private readonly OpenedModel _opened;

    private LanguageModel(OpenedModel opened, int threads)
    {
        _opened = opened;
        Threads = threads;
        Generator = new Generator(opened.Decoder);
    }

    /// <summary>The model's folder.</summary>
    public string Folder => _opened.Folder;

    /// <summary>The version of ONNX Runtime that is loaded.</summary>
    /// <exception cref="ModelException">There is no native library.</exception>
    public static string RuntimeVersion => OrtRuntime.Environment.GetVersionString();

    /// <summary>Threads of one step; 0 where ONNX Runtime chooses.</summary>
    public int Threads { get; }

    /// <summary>Where it runs.</summary>
    public Provider Provider => ProviderDecisions.Single(decision => decision.Taken).Provider;

    /// <summary>The graph that runs; its precision is empty where the folder does not say.</summary>
    public ModelVariant Variant => _opened.Variant;

    /// <summary>Every provider, and why it was or was not taken.</summary>
    public IReadOnlyList<ProviderDecision> ProviderDecisions => _opened.Decisions;

    /// <summary>What of the graph the kernels of this library compute; null where ONNX Runtime's own operators alone run.</summary>
    public KernelReport? Kernels => _opened.Kernels;

    /// <summary>The most tokens of a sequence, prompt and answer together.</summary>
    public int ContextLength => Decoder.ContextLength;

    /// <summary>How many tokens the model knows.</summary>
    public int VocabularySize => Decoder.VocabularySize;

    /// <summary>Bytes of keys and values per token of a sequence; the part that windows take stops growing with them, see <see cref="KvLayout"/>.</summary>
    public long KvBytesPerToken => Decoder.Layout.BytesPerToken;

    /// <summary>Tokens that end a text.</summary>
    public IReadOnlyList<int> EndIds => _opened.EndIds;

    /// <summary>How the next token is chosen where <see cref="GenerationOptions.Sampling"/> is null: as the folder's generation_config.json says.</summary>
    public SamplingOptions DefaultSampling => _opened.Sampling;

    /// <summary>The model's tokenizer; null where the folder has none, and then only tokens can be continued.</summary>
    public Tokenizer? Tokenizer => _opened.Tokenizer;

    /// <summary>How a conversation is written as one text; null where the folder does not say.</summary>
    public ChatTemplateSet? ChatTemplates => _opened.ChatTemplates;

    /// <summary>
    /// The step interface, for evaluation and measurement. Its steps and the generations of this model run one at a time; but logits are overwritten by
    /// whoever steps next, so use it while nothing else uses the model.
    /// </summary>
    public IDecoder Decoder => _opened.Decoder;

    /// <summary>Takes turns at the decoder.</summary>
    internal Generator Generator { get; }

    /// <summary>Opens a converted folder, or one that onnxruntime-genai's own builder made for the CPU.</summary>
    /// <param name="folder">The folder that holds genai_config.json.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the packing of weights, which leaves nothing behind; the rest of the opening takes its time.</param>
    /// <exception cref="ModelException">
    /// The folder is not there or not complete, or no provider can run it, or an environment variable of the kernels is wrong.
    /// </exception>
    /// <exception cref="ManifestException">genai_config.json or onnx_llama.json cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LanguageModel Open(string folder, ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ModelOptions();
        return new LanguageModel(ModelOpener.Open(folder, options, cancellationToken), options.Threads ?? PhysicalCores.Count());
    }

    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text; the tokens that begin a text are put before it.</param>
    /// <param name="options">How; null for the defaults: as the folder says, until the model ends or its context is full.</param>
    /// <param name="cancellationToken">Looked at before each token, and before each piece of the prompt.</param>
    /// <returns>One delta per token; the last has a <see cref="TextDelta.FinishReason"/>.</returns>
    /// <exception cref="ModelException">There is no tokenizer, the prompt has no tokens or more than the context, or memory is short.</exception>
    public IAsyncEnumerable<TextDelta> GenerateAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return GenerateAsync((Tokenizer ?? throw NoTokenizer(Folder)).Encode(prompt), options, cancellationToken);
    }

    /// <summary>Continues a prompt given as tokens.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How; null for the defaults: as the folder says, until the model ends or its context is full.</param>
    /// <param name="cancellationToken">Looked at before each token, and before each piece of the prompt.</param>
    /// <returns>One delta per token; the last has a <see cref="TextDelta.FinishReason"/>.</returns>
    /// <exception cref="ModelException">The prompt is empty, longer than the context or has a token outside the vocabulary; or memory is short.</exception>
    public IAsyncEnumerable<TextDelta> GenerateAsync(
        ReadOnlyMemory<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GenerationOptions();
        CheckPrompt(prompt.Length);
        if (options.Stop.Count > 0 && Tokenizer is null) throw NoTokenizer(Folder);
        return RunAsync(prompt, options, cancellationToken);
    }

    /// <summary>Closes the model; generations still running fail with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Decoder.Dispose();

    /// <summary>The request that continues what a slot holds with more tokens of a prompt.</summary>
    internal GenerationRequest Request(KvSlot slot, ReadOnlyMemory<int> tokens, GenerationOptions options, ITextStream text) => new()
    {
        Slot = slot,
        Tokens = tokens,
        MaxTokens = options.MaxTokens ?? int.MaxValue,
        Sampling = options.Sampling ?? DefaultSampling,
        Stop = options.Stop,
        EndIds = options.EndIds ?? EndIds,
        Text = text,
    };

    /// <summary>The room that a prompt and its answer take at first.</summary>
    internal int Room(int prompt, GenerationOptions options) => (int)Math.Min(ContextLength, (long)prompt + (options.MaxTokens ?? OpenEndedRoom));

    /// <summary>The fault of asking a model for text that knows only tokens.</summary>
    internal static ModelException NoTokenizer(string folder) => new(
        folder, "has no tokenizer", "tokenizer.json", "Copy the checkpoint's tokenizer files into the folder, or give tokens instead of text.");

    /// <summary>Refuses a prompt that cannot be continued.</summary>
    internal void CheckPrompt(int length)
    {
        if (length > 0 && length <= ContextLength) return;
        throw new ModelException(
            Folder,
            $"the prompt has {length} tokens",
            $"1 to {ContextLength}, the model's context",
            length == 0 ? "Give it something to continue." : "Shorten the prompt.");
    }

    private async IAsyncEnumerable<TextDelta> RunAsync(
        ReadOnlyMemory<int> prompt, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        KvSlot slot = await Generator.RentAsync(Room(prompt.Length, options), cancellationToken).ConfigureAwait(false);
        try
        {
            ITextStream text = Tokenizer is null ? new NoText() : TokenizerText.After(Tokenizer, prompt.Span);
            GenerationRequest request = Request(slot, prompt, options, text);
            await foreach (TextDelta delta in Generator.RunAsync(request, cancellationToken).ConfigureAwait(false)) yield return delta;
        }
        finally
        {
            await Generator.ReturnAsync(slot).ConfigureAwait(false);
        }
    }
}
