namespace Onnx.Llama.Decoding;

/// <summary>One sequence of a <see cref="StepPlan"/>.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Start">Where its tokens begin among the plan's.</param>
/// <param name="Count">How many new tokens it has.</param>
/// <param name="Wanted">The logits wanted.</param>
/// <param name="FirstRow">The index of its first row of logits.</param>
public readonly record struct StepEntry(KvSlot Slot, int Start, int Count, LogitsWanted Wanted, int FirstRow)
{
    /// <summary>How many rows of logits it has.</summary>
    public int LogitRows => Wanted switch { LogitsWanted.None => 0, LogitsWanted.Last => 1, _ => Count };
}
