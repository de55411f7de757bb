using System.Text.RegularExpressions;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>
/// How well an answer agrees with its reference, as SQuAD 1.1 measures it (arXiv:1606.05250, evaluate-v1.1.py): lower case, without punctuation, articles and
/// extra spaces; F1 over the bag of words, and whether all is equal.
/// </summary>
internal static partial class SquadScore
{
    public static double F1(string answer, string reference)
    {
        string[] found = Words(answer), expected = Words(reference);
        ILookup<string, string> left = expected.ToLookup(word => word, StringComparer.Ordinal);
        int common = found.CountBy(word => word).Sum(pair => Math.Min(pair.Value, left[pair.Key].Count()));
        if (common == 0) return found.Length == expected.Length && found.Length == 0 ? 1 : 0;
        double precision = (double)common / found.Length, recall = (double)common / expected.Length;
        return 2 * precision * recall / (precision + recall);
    }

    public static bool IsExact(string answer, string reference) => Words(answer).SequenceEqual(Words(reference), StringComparer.Ordinal);

    private static string[] Words(string text)
    {
        string plain = string.Concat(text.ToLowerInvariant().Where(c => !(char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)))));
        return Articles().Replace(plain, " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"\b(a|an|the)\b")]
    private static partial Regex Articles();
}
