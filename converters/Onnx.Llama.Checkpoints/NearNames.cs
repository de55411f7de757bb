namespace Onnx.Llama.Checkpoints;

/// <summary>Names close to one that was not found, for messages.</summary>
public static class NearNames
{
    /// <summary>The nearest names by edit distance, at most <paramref name="most"/>; none that differ in more than a third.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known, int most)
    {
        int limit = Math.Max(2, name.Length / 3);
        return [.. known
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= limit)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(most).Select(pair => pair.Name)];
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[^1];
    }
}
