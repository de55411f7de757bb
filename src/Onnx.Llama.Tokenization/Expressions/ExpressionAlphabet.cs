using System.Globalization;
using System.Text;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>
/// The characters that an expression tells apart. All code points that are in the same sets of the expression become one letter; text is rewritten in
/// these letters, and the expression too. So a .NET regex, which works on UTF-16 units and with .NET's own classes, sees whole characters and exactly the
/// sets that are meant.
/// </summary>
internal sealed class ExpressionAlphabet
{
    private const int MaximumLetters = 0x7F00;
    private readonly char[] _letterOfBasic = new char[0x10000];
    private readonly int[] _starts;
    private readonly char[] _letters;
    private readonly string[] _classes;

    /// <summary>Finds the letters that tell apart the members of the sets; null where there are too many.</summary>
    public static ExpressionAlphabet? Create(IReadOnlyList<CodePointSet> sets)
    {
        int[] starts = [.. sets.SelectMany(set => set.Ranges).SelectMany(range => new[] { range.First, range.Last + 1 }).Append(0).Append(0x10000).Distinct().Order()];
        starts = [.. starts.Where(start => start <= CodePointSet.Maximum)];
        var letters = new Dictionary<string, char>(StringComparer.Ordinal);
        var letterOfStart = new char[starts.Length];
        for (int i = 0; i < starts.Length; i++)
        {
            string signature = string.Concat(sets.Select(set => set.Contains(starts[i]) ? '1' : '0'));
            if (!letters.TryGetValue(signature, out letterOfStart[i])) letters.Add(signature, letterOfStart[i] = (char)(letters.Count + 1));
            if (letters.Count > MaximumLetters) return null;
        }

        string[] classes = [.. sets.Select((_, index) => ClassOf(letters.Where(letter => letter.Key[index] == '1').Select(letter => letter.Value)))];
        return new ExpressionAlphabet(starts, letterOfStart, classes);
    }

    private ExpressionAlphabet(int[] starts, char[] letters, string[] classes)
    {
        _starts = starts;
        _letters = letters;
        _classes = classes;
        for (int i = 0; i < starts.Length && starts[i] < 0x10000; i++)
        {
            int end = i + 1 < starts.Length ? Math.Min(starts[i + 1], 0x10000) : 0x10000;
            _letterOfBasic.AsSpan(starts[i], end - starts[i]).Fill(letters[i]);
        }
    }

    /// <summary>The .NET class of the letters that make up set number <paramref name="index"/>.</summary>
    public string ClassOf(int index) => _classes[index];

    /// <summary>
    /// Rewrites text in letters, one for each character; <paramref name="offsets"/>, as long as the text and one more, gets where each begins in the text.
    /// Returns the number of letters.
    /// </summary>
    public int Rewrite(ReadOnlySpan<char> text, Span<char> letters, Span<int> offsets)
    {
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            offsets[count] = i;
            bool isPair = Surrogates.IsPair(text, i);
            letters[count] = isPair ? LetterOf(char.ConvertToUtf32(text[i], text[i + 1])) : _letterOfBasic[text[i]];
            i += isPair ? 2 : 1;
        }

        offsets[count] = text.Length;
        return count;
    }

    private char LetterOf(int codePoint)
    {
        int index = Array.BinarySearch(_starts, codePoint);
        return _letters[index >= 0 ? index : ~index - 1];
    }

    private static string ClassOf(IEnumerable<char> letters)
    {
        var text = new StringBuilder();
        foreach (char letter in letters) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
        return text.Length == 0 ? "(?!)" : $"[{text}]";
    }
}
