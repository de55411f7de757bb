using System.Globalization;
using System.Text;

namespace Onnx.Llama.Text.Tests.Tokenization.Fixtures;

/// <summary>
/// Random text that loves boundaries: scripts, marks, white space of all kinds, digits of many scripts, emoji, long runs and special tokens, glued together.
/// </summary>
internal sealed class BoundaryText(int seed, IReadOnlyList<string>? tokens = null)
{
    private static readonly string[] s_words =
    [
        "the", " the", "The", "THE", " fox", "don't", "DON'T", "we'LL", "I'm", "'s", "'S", "'ſ", "'t", "'re", "'RE", "'ve", "'d", "'", "''", "camelCase", "snake_case", "HTTPServer",
        "naïve", "café", "Straße", "Größe", "việc", " điều", "Привет", " мир", "Ёж", "κόσμε", "ς", "İ", "ı", "ǅ", "ʰ", "ª", "ﬁ", "ß", "ẞ", "Å",
        "你好", "世界", "、", "。", "カタカナ", "ひらがな", "漢字", "한국어", "각", "각", "가", "ㄱㅏ", "ﾊﾞ", "مرحبا", "שָׁלוֹם", "नमस्ते", "क्ष", "สวัสดี", "ກໍ່າ",
        "😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇯🇵", "1️⃣", "𝐀𝐁", "𝟏𝟐", "𝔘", "𠮷", "𐌰", "𐐀𐐨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "0", "12", "123", "1234567", "3.14", "1,000", "½", "²", "٣٤", "४२", "Ⅻ", "①", "௧", "๓", "１２",
        ".", ",", "!", "?", "...", "—", "“”", "«»", "==", "===", "//", "/*", "*/", "()", "{}", "[]", "<", ">", "</", "&&", "||", "#", "$", "%", "@", "_", "-", "~", "^", "`", "€", "°", "∑", "√",
        "\u0301", "\u0308", "\u0323", "\u0345", "\u034F", "\u20DD", "\u093F", "\u200D", "\u200C", "\uFE0F", "\u200B", "\u2060", "\u00AD", "\u180E", "\uFEFF",
        "\0", "\u0001", "\u001C", "\u007F", "\u0085", "\uFFFD", "\uFFFF", "\uFFFE", "\uE000", "\u2581", "\u2581\u2581", "Ġ", "Ċ", "<0x0A>", "<unk>", "<s>", "</s>",
    ];

    private static readonly string[] s_spaces =
    [
        " ", " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", "\t\t", " \n", "\n ", "\v", "\f", "\u00A0", "\u1680", "\u2000", "\u2003", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A text of up to <paramref name="maximumParts"/> parts.</summary>
    public string Next(int maximumParts = 12)
    {
        var text = new StringBuilder();
        int parts = _random.Next(maximumParts + 1);
        for (int i = 0; i < parts; i++) text.Append(Part());
        return text.ToString();
    }

    private string Part() => _random.Next(20) switch
    {
        < 8 => Pick(s_words),
        < 13 => Pick(s_spaces),
        < 15 when tokens is { Count: > 0 } => Pick(tokens),
        < 16 => Repeat(Pick(s_words), _random.Next(1, 40)),
        < 17 => Repeat(Pick(s_spaces), _random.Next(1, 40)),
        < 18 => AnyCharacter().ToString(),
        < 19 => Ascii(),
        _ => Cut(Pick(s_words)),
    };

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private string Ascii() => string.Concat(Enumerable.Range(0, _random.Next(1, 8)).Select(_ => (char)_random.Next(0x20, 0x7F)));

    // A prefix that does not cut a surrogate pair.
    private string Cut(string text)
    {
        string[] runes = [.. text.EnumerateRunes().Select(rune => rune.ToString())];
        return string.Concat(runes.Take(_random.Next(1, runes.Length + 1)));
    }

    // Blocks that have not changed for years, so that any two libraries' Unicode data agree on them.
    private Rune AnyCharacter()
    {
        while (true)
        {
            int codePoint = _random.Next(4) switch
            {
                0 => _random.Next(0x20, 0x250),
                1 => _random.Next(0x250, 0x2000),
                2 => _random.Next(0x2000, 0xFFFE),
                _ => _random.Next(0x10000, 0x1FA00),
            };
            if (!Rune.IsValid(codePoint)) continue;
            var rune = new Rune(codePoint);
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned) return rune;
        }
    }
}
