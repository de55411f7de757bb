namespace Onnx.Llama.Generation;

/// <summary>
/// Lets text through up to the first stop string that becomes complete (of several that end together, the one that begins first), as if the text came
/// character by character. A text's end that could be the beginning of a stop string is held back until that is decided.
/// </summary>
internal sealed class StopFilter(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>Whether a stop string was reached; nothing more comes then.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes more text and gives what is certain.</summary>
    public string Push(string text)
    {
        if (stops.Count == 0 || Stopped) return Stopped ? "" : text;
        string all = _held + text;
        if (FirstStop(all) is { } stop)
        {
            Stopped = true;
            _held = "";
            return all[..stop];
        }

        int certain = all.Length - LongestBeginning(all);
        _held = all[certain..];
        return all[..certain];
    }

    /// <summary>The text held back, which no stop string completes any more.</summary>
    public string Flush()
    {
        string held = _held;
        _held = "";
        return held;
    }

    private int? FirstStop(string text)
    {
        int? begin = null;
        int end = int.MaxValue;
        foreach (string stop in stops)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at < 0 || at + stop.Length > end || (at + stop.Length == end && at >= begin)) continue;
            begin = at;
            end = at + stop.Length;
        }

        return begin;
    }

    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in stops)
        {
            int length = Math.Min(stop.Length - 1, text.Length);
            while (length > longest && !text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length))) length--;
            longest = Math.Max(longest, length);
        }

        return longest;
    }
}
