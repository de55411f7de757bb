namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// The list of merges that a SentencePiece model implies: every way to make a piece of two others, the pieces in the order of their scores
/// (<c>generate_merges</c> of transformers' <c>convert_slow_tokenizer.py</c>).
/// </summary>
internal static class SentencePieceMerges
{
    /// <summary>Pieces longer than this are made of nothing; a vocabulary trained on text has none.</summary>
    private const int MaximumLength = 512;

    public static IEnumerable<(string Left, string Right)> Of(IReadOnlyList<SentencePiece> pieces)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < pieces.Count; id++) ids[pieces[id].Text] = id;

        // The first three pieces (unknown, begin, end) count with score 0.
        var merges = new List<Merge>();
        foreach ((string text, int id) in ids) AddSplits(text, id < 3 ? 0f : pieces[id].Score, ids, merges);
        return merges
            .OrderByDescending(merge => merge.Score)
            .ThenByDescending(merge => merge.LeftLength)
            .ThenByDescending(merge => merge.RightLength)
            .Select(merge => (merge.Left, merge.Right));
    }

    private static void AddSplits(string text, float score, Dictionary<string, int> ids, List<Merge> merges)
    {
        if (text.Length > MaximumLength) return;
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var splits = new List<(int LeftId, int RightId, Merge Merge)>();
        int codePoints = text.EnumerateRunes().Count();
        for (int index = char.IsSurrogate(text, 0) ? 2 : 1, length = 1; index < text.Length; index++)
        {
            if (char.IsLowSurrogate(text[index])) continue;
            bool isMerge = lookup.TryGetValue(text.AsSpan(0, index), out int left) & lookup.TryGetValue(text.AsSpan(index), out int right);
            if (isMerge) splits.Add((left, right, new Merge(text[..index], text[index..], score, length, codePoints - length)));
            length++;
        }

        merges.AddRange(splits.OrderBy(split => split.LeftId).ThenBy(split => split.RightId).Select(split => split.Merge));
    }

    private readonly record struct Merge(string Left, string Right, float Score, int LeftLength, int RightLength);
}
