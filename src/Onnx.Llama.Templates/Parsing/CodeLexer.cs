using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>Cuts the inside of one tag into tokens, up to the tag's end outside of brackets.</summary>
internal sealed class CodeLexer(SourceText source, List<Token> tokens, int start, bool isOutput)
{
    private static readonly string[] s_operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly Stack<char> _open = [];

    private string Text => source.Text;

    /// <summary>The index behind the tag.</summary>
    public int End { get; private set; } = start;

    /// <summary>Reads up to the tag's end and gives its sign: <c>-</c>, <c>+</c> or a space.</summary>
    /// <exception cref="TemplateException">The tag is not closed, or a character belongs to no token.</exception>
    public char Read()
    {
        for (; ; )
        {
            while (End < Text.Length && PythonText.IsSpace(Text[End])) End++;
            if (End >= Text.Length) throw source.Error(Text.Length, $"unexpected end of template; expected {(isOutput ? "'}}'" : "'%}'")}");
            if (_open.Count == 0 && TryEnd(out char sign)) return sign;
            ReadToken();
        }
    }

    private bool TryEnd(out char sign)
    {
        string end = isOutput ? "}}" : "%}";
        sign = Text[End];
        bool signed = sign == '-' || (sign == '+' && !isOutput);
        int at = signed ? End + 1 : End;
        if (!signed) sign = ' ';
        if (string.CompareOrdinal(Text, at, end, 0, 2) != 0) return false;
        Add(isOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, end, End);
        End = at + 2;
        return true;
    }

    private void ReadToken()
    {
        char c = Text[End];
        if (char.IsAsciiDigit(c)) ReadNumber();
        else if (c is '"' or '\'') ReadString(c);
        else if (IsNamePart(End)) ReadName();
        else ReadOperator();
    }

    private void ReadNumber()
    {
        int first = End;
        bool afterDot = tokens[^1].Is(".") && Text[first - 1] == '.';
        (int end, bool isFloat) = NumberSyntax.Match(Text, first, integerOnly: afterDot);
        Add(isFloat ? TokenKind.Float : TokenKind.Integer, Text[first..end].Replace("_", "", StringComparison.Ordinal), first);
        End = end;
    }

    private void ReadString(char quote)
    {
        int first = End++;
        while (End < Text.Length && Text[End] != quote) End += Text[End] == '\\' ? 2 : 1;
        if (End >= Text.Length) throw source.Error(first, $"the string is not closed; expected {quote}");
        try
        {
            Add(TokenKind.String, StringSyntax.Decode(Text.AsSpan(first + 1, End - first - 1)), first);
        }
        catch (FormatException exception)
        {
            throw source.Error(first, exception.Message);
        }

        End++;
    }

    private void ReadName()
    {
        int first = End;
        while (End < Text.Length && IsNamePart(End)) End += CodePoints.UnitsAt(Text, End);
        string name = Text[first..End];
        if (!CharacterClasses.IsIdentifier(name)) throw source.Error(first, $"invalid character in identifier '{name}'");
        Add(TokenKind.Name, name, first);
    }

    private void ReadOperator()
    {
        string? text = Array.Find(s_operators, candidate => string.CompareOrdinal(Text, End, candidate, 0, candidate.Length) == 0);
        if (text is null) throw source.Error(End, $"unexpected character {PythonText.Quote(Text.Substring(End, CodePoints.UnitsAt(Text, End)))}");
        Balance(text[0]);
        Add(TokenKind.Operator, text, End);
        End += text.Length;
    }

    private void Balance(char c)
    {
        if (c is '(' or '[' or '{') _open.Push(c switch { '(' => ')', '[' => ']', _ => '}' });
        if (c is not (')' or ']' or '}')) return;
        if (_open.Count == 0) throw source.Error(End, $"unexpected '{c}'");
        char expected = _open.Pop();
        if (expected != c) throw source.Error(End, $"unexpected '{c}', expected '{expected}'");
    }

    private bool IsNamePart(int at) => CharacterClasses.IsWordPart(CodePoints.At(Text, at, out _));

    private void Add(TokenKind kind, string text, int at) => tokens.Add(new(kind, text, source.PositionOf(at)));
}
