using System.Globalization;
using System.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>Reads an expression character by character, and the escapes that stand for one character or a set of them.</summary>
internal sealed class ExpressionReader(string expression)
{
    public int Position { get; private set; }

    public bool AtEnd => Position >= expression.Length;

    /// <summary>The next UTF-16 unit, or NUL at the end.</summary>
    public char Peek(int ahead = 0) => Position + ahead < expression.Length ? expression[Position + ahead] : '\0';

    /// <summary>Takes one code point.</summary>
    public int Next()
    {
        if (AtEnd) throw Error("the expression ends too early");
        if (!Rune.TryGetRuneAt(expression, Position, out Rune rune)) throw Error("half a surrogate pair");
        Position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Takes this text, if it comes next.</summary>
    public bool TryTake(string text)
    {
        if (string.CompareOrdinal(expression, Position, text, 0, text.Length) != 0) return false;
        Position += text.Length;
        return true;
    }

    /// <summary>Takes what stands before this text, and the text.</summary>
    public string TakeUntil(string end)
    {
        int found = expression.IndexOf(end, Position, StringComparison.Ordinal);
        if (found < 0) throw Error($"'{end}' is missing");
        string taken = expression[Position..found];
        Position = found + end.Length;
        return taken;
    }

    /// <summary>Takes a whole number, or nothing.</summary>
    public int? TakeNumber()
    {
        int start = Position;
        while (char.IsAsciiDigit(Peek())) Position++;
        if (Position == start) return null;
        return int.TryParse(expression.AsSpan(start, Position - start), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= 100_000
            ? value
            : throw Error("a count above 100000");
    }

    public void Return(int position) => Position = position;

    public ExpressionException Error(string problem) => new(Position, problem);

    /// <summary>The set that an escape stands for; the backslash is taken already.</summary>
    public CodePointSet ReadEscape()
    {
        int escaped = Next();
        return escaped switch
        {
            'd' => UnicodeSets.Digit,
            'D' => UnicodeSets.Digit.Not(),
            's' => UnicodeSets.Space,
            'S' => UnicodeSets.Space.Not(),
            'w' => UnicodeSets.Word,
            'W' => UnicodeSets.Word.Not(),
            'h' => UnicodeSets.Hexadecimal,
            'H' => UnicodeSets.Hexadecimal.Not(),
            'p' => ReadProperty(negated: false),
            'P' => ReadProperty(negated: true),
            'x' => CodePointSet.Of(TryTake("{") ? ParseHexadecimal(TakeUntil("}")) : TakeHexadecimal(1, 2)),
            'u' => CodePointSet.Of(TakeHexadecimal(4, 4)),
            't' => CodePointSet.Of('\t'),
            'n' => CodePointSet.Of('\n'),
            'r' => CodePointSet.Of('\r'),
            'f' => CodePointSet.Of('\f'),
            'v' => CodePointSet.Of('\v'),
            'a' => CodePointSet.Of('\a'),
            'e' => CodePointSet.Of('\u001B'),
            < 0x80 when char.IsAsciiLetterOrDigit((char)escaped) => throw Error($"'\\{(char)escaped}' is not implemented"),
            _ => CodePointSet.Of(escaped),
        };
    }

    private CodePointSet ReadProperty(bool negated)
    {
        if (!TryTake("{")) throw Error("'{' is missing");
        if (TryTake("^")) negated = !negated;
        string name = TakeUntil("}");
        CodePointSet set = UnicodeSets.Property(name) ?? throw Error($"the property '{name}' is not implemented");
        return negated ? set.Not() : set;
    }

    private int TakeHexadecimal(int minimum, int maximum)
    {
        int start = Position;
        while (Position - start < maximum && char.IsAsciiHexDigit(Peek())) Position++;
        return Position - start >= minimum ? ParseHexadecimal(expression[start..Position]) : throw Error("hexadecimal digits are missing");
    }

    private int ParseHexadecimal(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && value is >= 0 and <= CodePointSet.Maximum
            ? value
            : throw Error($"'{digits}' is not the number of a character");
}
