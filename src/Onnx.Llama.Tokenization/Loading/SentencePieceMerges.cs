namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// The list of merges that a SentencePiece model implies: every way to make a piece of two others, the pieces in the order of their scores
/// (<c>generate_merges</c> of transformers' <c>convert_slow_tokenizer.py</c>).
/// </summary>
internal static class SentencePieceMerges
{
    /// <summary>Pieces longer than this are made of nothing; a vocabulary trained on text has none.</summary>
    private const int MaximumLength = 512;

    /// <summary>The merges in their order; <paramref name="parts"/> are the ids of the texts that can be joined.</summary>
    public static IEnumerable<(string Left, string Right)> Of(IReadOnlyList<(string Text, float Score)> pieces, IReadOnlyDictionary<string, int> parts)
    {
        var scores = new OrderedDictionary<string, float>(pieces.Count, StringComparer.Ordinal);
        foreach ((string text, float score) in pieces) scores[text] = score;
        var lookup = new Dictionary<string, int>(parts, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<Merge>();
        foreach ((string text, float score) in scores) AddSplits(text, score, lookup, merges);
        return merges
            .OrderByDescending(merge => merge.Score)
            .ThenByDescending(merge => merge.LeftLength)
            .ThenByDescending(merge => merge.RightLength)
            .Select(merge => (merge.Text[..merge.Cut], merge.Text[merge.Cut..]));
    }

    private static void AddSplits(string text, float score, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> parts, List<Merge> merges)
    {
        if (text.Length is 0 or > MaximumLength) return;
        int first = merges.Count;
        int codePoints = text.EnumerateRunes().Count();
        for (int index = char.IsSurrogate(text, 0) ? 2 : 1, length = 1; index < text.Length; index++)
        {
            if (char.IsLowSurrogate(text[index])) continue;
            if (parts.TryGetValue(text.AsSpan(0, index), out int left) && parts.TryGetValue(text.AsSpan(index), out int right))
            {
                merges.Add(new Merge(text, index, left, right, score, length, codePoints - length));
            }

            length++;
        }

        // The ids of the left parts are all different, so an unstable sort will do.
        merges.Sort(first, merges.Count - first, Comparer<Merge>.Create((a, b) => a.LeftId.CompareTo(b.LeftId)));
    }

    private readonly record struct Merge(string Text, int Cut, int LeftId, int RightId, float Score, int LeftLength, int RightLength);
}
