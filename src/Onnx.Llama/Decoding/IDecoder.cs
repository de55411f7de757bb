namespace Onnx.Llama.Decoding;

/// <summary>
/// The only thing that runs a graph: it appends tokens to sequences and gives the logits that follow them. One step runs at a time; a second caller's
/// waits. Whoever reads logits while others step must keep them out in between, as <see cref="LanguageModel"/> does.
/// </summary>
public interface IDecoder : IDisposable
{
    /// <summary>What is kept per token.</summary>
    public KvLayout Layout { get; }

    /// <summary>The greatest number of tokens in a slot.</summary>
    public int ContextLength { get; }

    /// <summary>Columns of the logits.</summary>
    public int VocabularySize { get; }

    /// <summary>Bytes that the slots' buffers take now.</summary>
    public long KvBytes { get; }

    /// <summary>An empty slot with room for <paramref name="capacity"/> tokens.</summary>
    /// <exception cref="ModelException">The capacity is below 1, beyond the model's context or the budget.</exception>
    public KvSlot Rent(int capacity);

    /// <summary>
    /// Appends the plan's tokens to their slots. All or nothing: after an exception every slot holds what it held before, and there are no logits.
    /// Tokens whose keys had to be given up (<see cref="KvSlot.CachedLength"/>), and those of a sequence that outgrows the length up to which its keys' rotation
    /// holds (longrope's original context), run again within the step.
    /// Logits do not depend, to the last bit, on what other entries the plan has, nor on where a prompt is cut into steps, as long as no piece is one token:
    /// a single token after others counts as generated, and stock operators round it by another path than the same token among several. (Layers with a window
    /// much smaller than 128 tokens are an exception: there a cut may show in the last bits.)
    /// </summary>
    /// <exception cref="ModelException">A token is not in the vocabulary, a slot has no room, or the graph fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; looked at before each piece of a prompt.</exception>
    public void Step(StepPlan plan, CancellationToken cancellationToken);

    /// <summary>The logits [vocabulary] of a row of the last step, in native memory: valid until the next one.</summary>
    /// <param name="row">Below the plan's <see cref="StepPlan.LogitRows"/>; see <see cref="StepPlan"/> for their order.</param>
    public ReadOnlySpan<float> Logits(int row);
}
