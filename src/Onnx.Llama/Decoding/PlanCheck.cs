namespace Onnx.Llama.Decoding;

/// <summary>Refuses a plan that cannot run, before anything has run.</summary>
internal static class PlanCheck
{
    public static void Run(StepPlan plan, RowDecoder decoder, string file)
    {
        int done = 0;
        try
        {
            for (; done < plan.Count; done++)
            {
                RowSlot slot = Slot(plan[done], decoder);
                Check(plan, plan[done], slot, decoder.VocabularySize, file);
                slot.IsPlanned = true;
            }
        }
        finally
        {
            while (done > 0) ((RowSlot)plan[--done].Slot).IsPlanned = false;
        }
    }

    private static RowSlot Slot(StepEntry entry, RowDecoder decoder) => entry.Slot is RowSlot slot && slot.Decoder == decoder
        ? slot
        : throw new ArgumentException("a slot of the plan belongs to another decoder", nameof(entry));

    private static void Check(StepPlan plan, StepEntry entry, RowSlot slot, int vocabulary, string file)
    {
        ObjectDisposedException.ThrowIf(slot.Bank is null, slot);
        if (slot.IsPlanned) throw new ArgumentException("a slot stands in the plan twice; expected once", nameof(plan));
        if (entry.Count > slot.Capacity - slot.Length)
        {
            throw new ModelException(
                file,
                $"{entry.Count} tokens after the {slot.Length} there need room for {(long)slot.Length + entry.Count}",
                $"at most {slot.Capacity}, the slot's capacity",
                "Grow the slot, or ask for fewer tokens.");
        }

        foreach (int token in plan.Tokens(entry))
        {
            if ((uint)token >= (uint)vocabulary)
            {
                throw new ModelException(
                    file, $"token {token} was given", $"0 to {vocabulary - 1}, the model's vocabulary", "The tokenizer may belong to another model.");
            }
        }
    }
}
