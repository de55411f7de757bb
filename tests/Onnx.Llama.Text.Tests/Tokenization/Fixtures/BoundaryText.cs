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

    // Blocks that Unicode has not added to for years, so that the data of any two libraries agree on them.
    private static readonly (int First, int Last)[] s_blocks =
    [
        (0x20, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x591, 0x5EA), (0x620, 0x6FF), (0x901, 0x97F), (0x981, 0x9FA), (0xB82, 0xBFA),
        (0xE01, 0xE5B), (0x10A0, 0x10C5), (0x1100, 0x11FF), (0x1200, 0x1399), (0x13A0, 0x13F4), (0x1780, 0x17F9), (0x1810, 0x1877), (0x1E00, 0x1EFF), (0x1F00, 0x1FFE),
        (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BD), (0x20D0, 0x20F0), (0x2100, 0x218B), (0x2190, 0x23FE), (0x2460, 0x27BF), (0x2800, 0x28FF), (0x3000, 0x303F),
        (0x3041, 0x30FF), (0x3131, 0x318E), (0x3200, 0x32FE), (0x3400, 0x4DB5), (0x4E00, 0x9FCC), (0xA000, 0xA48C), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFA6D),
        (0xFB00, 0xFB4F), (0xFB50, 0xFBB1), (0xFBD3, 0xFD3F), (0xFD50, 0xFDFB), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFE30, 0xFEFC), (0xFF01, 0xFFDC), (0x10000, 0x100FA),
        (0x10330, 0x1034A), (0x10400, 0x1049D), (0x1D100, 0x1D1DD), (0x1D400, 0x1D7FF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6D0), (0x20000, 0x2A6D6), (0xE0001, 0xE007F),
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

    private Rune AnyCharacter()
    {
        while (true)
        {
            (int first, int last) = Pick(s_blocks);
            var rune = new Rune(_random.Next(first, last + 1));
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned) return rune;
        }
    }
}
