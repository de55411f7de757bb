namespace Onnx.Llama.Text.Tests.Tokenization.Fixtures;

/// <summary>
/// Byte-pair encoding's training, in its plain form: join the pair that is most frequent in the words, again and again. Slow, and right at a glance.
/// </summary>
internal static class BpeTrainer
{
    /// <summary>The merges learned from words, each given as its first symbols. Of pairs equally frequent the first in ordinal order is joined.</summary>
    public static List<(string Left, string Right)> Train(IEnumerable<IReadOnlyList<string>> words, int maximumMerges)
    {
        List<(List<string> Symbols, int Count)> counted = [.. words.GroupBy(word => string.Join('\0', word)).Select(group => (group.First().ToList(), group.Count()))];
        var merges = new List<(string, string)>();
        while (merges.Count < maximumMerges)
        {
            var pairs = new Dictionary<(string Left, string Right), int>();
            foreach ((List<string> symbols, int count) in counted)
            {
                for (int i = 0; i + 1 < symbols.Count; i++)
                {
                    (string, string) pair = (symbols[i], symbols[i + 1]);
                    pairs[pair] = pairs.GetValueOrDefault(pair) + count;
                }
            }

            if (pairs.Count == 0) break;
            (string Left, string Right) best = pairs
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Left, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Right, StringComparer.Ordinal)
                .First().Key;
            merges.Add(best);
            foreach ((List<string> symbols, _) in counted) Join(symbols, best);
        }

        return merges;
    }

    private static void Join(List<string> symbols, (string Left, string Right) pair)
    {
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] != pair.Left || symbols[i + 1] != pair.Right) continue;
            symbols[i] = pair.Left + pair.Right;
            symbols.RemoveAt(i + 1);
        }
    }
}
