using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Heads;

/// <summary>An open model of whole texts: what <see cref="Embedder"/> and <see cref="Classifier"/> share.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="opened">Its graph.</param>
/// <param name="head">What the graph takes and gives.</param>
/// <param name="equalLengths">Whether only texts of one length may run together: where the rotation depends on the length.</param>
/// <param name="tokenizer">Its tokenizer, if it has one.</param>
internal sealed class HeadModel(string folder, OpenedVariant<HeadGraph> opened, HeadDescription head, bool equalLengths, Tokenizer? tokenizer) : IDisposable
{
    private readonly Lock _turn = new();
    private bool _disposed;

    public string Folder => folder;

    public HeadDescription Head => head;

    public ModelVariant Variant => opened.Variant;

    public IReadOnlyList<ProviderDecision> Decisions => opened.Decisions;

    public Tokenizer? Tokenizer => tokenizer;

    /// <summary>A text's tokens.</summary>
    /// <exception cref="ModelException">There is no tokenizer, or they are none or too many.</exception>
    public int[] Encode(string text, bool truncate) => Checked(Tokens(text, truncate), "the text");

    /// <summary>The tokens of each text.</summary>
    /// <exception cref="ModelException">There is no tokenizer, or a text's are none or too many.</exception>
    public int[][] EncodeAll(IReadOnlyList<string> texts, bool truncate, CancellationToken cancellationToken)
    {
        int[][] ids = new int[texts.Count][];
        for (int i = 0; i < ids.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ids[i] = Checked(Tokens(texts[i], truncate), $"texts[{i}]");
        }

        return ids;
    }

    /// <summary>The graph's output for each text, in their order.</summary>
    /// <exception cref="ModelException">A text has no tokens, too many or unknown ones, or ONNX Runtime fails.</exception>
    public float[][] Run(IReadOnlyList<int[]> texts, BatchOptions options, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<int>[] cut = [.. texts.Select((text, index) => Cut(text, index, options.Truncate))];
        float[][] results = new float[cut.Length][];
        foreach (int[] batch in TextBatches.Plan([.. cut.Select(text => text.Length)], options.BatchSize, equalLengths))
        {
            float[] rows = RunInTurn([.. batch.Select(text => cut[text])], cancellationToken);
            for (int row = 0; row < batch.Length; row++) results[batch[row]] = rows[(row * head.Width)..((row + 1) * head.Width)];
        }

        return results;
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (!_disposed) opened.Opened.Dispose();
            _disposed = true;
        }
    }

    /// <summary>One batch at a time: it has all of the model's threads, and the memory of one.</summary>
    private float[] RunInTurn(ReadOnlyMemory<int>[] texts, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return opened.Opened.Run(texts, cancellationToken);
        }
    }

    private int[] Tokens(string text, bool truncate)
    {
        Tokenizer known = tokenizer ?? throw LanguageModel.NoTokenizer(folder);
        int[] ids = known.Encode(text);
        return truncate && ids.Length > head.ContextLength ? Shortened(ids, known.Encode(text, addSpecialTokens: false)) : ids;
    }

    /// <summary>Leaves out the end of a text, but not the tokens around it.</summary>
    /// <param name="ids">The text's tokens and those around them.</param>
    /// <param name="text">The text's alone.</param>
    private int[] Shortened(int[] ids, int[] text)
    {
        int before = Math.Max(ids.AsSpan().IndexOf(text), 0);
        int behind = ids.Length - before - text.Length;
        int kept = head.ContextLength - before - behind;
        return kept < 0 ? ids[..head.ContextLength] : [.. ids[..(before + kept)], .. ids[^behind..]];
    }

    private ReadOnlyMemory<int> Cut(int[] text, int index, bool truncate)
    {
        int[] ids = truncate && text.Length > head.ContextLength ? text[..head.ContextLength] : text;
        Checked(ids, $"texts[{index}]");
        foreach (int id in ids)
        {
            if (id >= 0 && id < head.VocabularySize) continue;
            throw new ModelException(folder, $"texts[{index}] has the token {id}", $"0 to {head.VocabularySize - 1}, the model's vocabulary");
        }

        return ids;
    }

    private int[] Checked(int[] ids, string name)
    {
        if (ids.Length > 0 && ids.Length <= head.ContextLength) return ids;
        throw new ModelException(
            folder,
            $"{name} has {ids.Length} tokens",
            $"1 to {head.ContextLength}, the model's context",
            ids.Length == 0 ? "Give it a text that is not empty." : "Shorten the text, or allow that its end is cut off.");
    }
}
