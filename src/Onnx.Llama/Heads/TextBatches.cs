namespace Onnx.Llama.Heads;

/// <summary>Which texts run together.</summary>
internal static class TextBatches
{
    /// <summary>The most tokens of a batch, fillings included: enough to keep any processor busy, and a bound for the memory that a run takes.</summary>
    public const int MostTokens = 8192;

    /// <summary>Texts of like length together, the longest first: if memory is short, that shows at once. A text longer than the bound is alone.</summary>
    /// <param name="lengths">The tokens of each text.</param>
    /// <param name="size">The most texts of a batch.</param>
    /// <param name="equalLengths">Whether only texts of one length may run together.</param>
    /// <returns>The places of each batch's texts; every text is in one batch.</returns>
    public static IReadOnlyList<int[]> Plan(IReadOnlyList<int> lengths, int size, bool equalLengths)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(text => lengths[text])];
        List<int[]> batches = [];
        for (int start = 0, end; start < order.Length; start = end)
        {
            int longest = lengths[order[start]];
            int most = Math.Clamp(MostTokens / longest, 1, size);
            end = start + 1;
            while (end < order.Length && end - start < most && (!equalLengths || lengths[order[end]] == longest)) end++;
            batches.Add(order[start..end]);
        }

        return batches;
    }
}
