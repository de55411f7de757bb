using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>
/// Cuts a template into tokens. Whitespace around tags follows trim_blocks (the line ending after a block goes) and lstrip_blocks
/// (spaces before a block that starts its line go), and the signs <c>-</c> and <c>+</c> at either end of a tag.
/// </summary>
internal sealed class Lexer(string source, string name)
{
    private readonly SourceText _source = new(source, name);
    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>Whether the text before the current place ended a line, or there is none.</summary>
    private bool _startsLine = true;

    private string Text => _source.Text;

    /// <exception cref="TemplateException">A tag, string or bracket is not closed, or a character belongs to no token.</exception>
    public List<Token> Read()
    {
        while (_at < Text.Length)
        {
            int tag = NextTag();
            if (tag < 0)
            {
                AddData(_at, Text[_at..]);
                _at = Text.Length;
                break;
            }

            ReadTag(tag);
        }

        Add(TokenKind.End, "", Text.Length);
        return _tokens;
    }

    private int NextTag()
    {
        for (int i = Text.IndexOf('{', _at); i >= 0 && i + 1 < Text.Length; i = Text.IndexOf('{', i + 1))
        {
            if (Text[i + 1] is '{' or '%' or '#') return i;
        }

        return -1;
    }

    private void ReadTag(int tag)
    {
        char kind = Text[tag + 1];
        AddDataBefore(tag, kind == '{');
        int inside = tag + 2;
        bool signed = inside < Text.Length && Text[inside] is '-' or '+' && (Text[inside] == '-' || kind != '{');
        if (signed) inside++;
        if (inside == Text.Length && kind == '#') _at = inside;
        else if (kind == '#') SkipComment(tag, inside);
        else if (kind == '%' && MatchRawBegin(inside) is int raw and >= 0) ReadRaw(tag, raw);
        else ReadCode(tag, inside, kind);
    }

    /// <summary>The text up to a tag, with the whitespace that the tag takes.</summary>
    private void AddDataBefore(int tag, bool isOutput)
    {
        string text = Text[_at..tag];
        char sign = tag + 2 < Text.Length ? Text[tag + 2] : ' ';
        if (sign == '-') text = PythonText.StripEnd(text);
        else if (sign != '+' && !isOutput) text = StripLineStart(text);
        AddData(_at, text);
    }

    private string StripLineStart(string text)
    {
        int lineStart = text.LastIndexOf('\n') + 1;
        if (lineStart == 0 && !_startsLine) return text;
        for (int i = lineStart; i < text.Length; i++)
        {
            if (!PythonText.IsSpace(text[i])) return text;
        }

        return text[..lineStart];
    }

    private void SkipComment(int tag, int inside)
    {
        int end = Text.IndexOf("#}", inside, StringComparison.Ordinal);
        if (end < 0) throw _source.Error(tag, "the comment is not closed; expected '#}'");
        char sign = end > inside ? Text[end - 1] : ' ';
        Close(end + 2, sign, trimsLine: true);
    }

    /// <summary>The index behind <c>raw %}</c>, or -1 where another tag stands here.</summary>
    private int MatchRawBegin(int inside)
    {
        int at = MatchWord(inside, "raw");
        if (at < 0) return -1;
        bool trims = at < Text.Length && Text[at] == '-';
        if (string.CompareOrdinal(Text, trims ? at + 1 : at, "%}", 0, 2) != 0) return -1;
        return trims ? SkipSpace(at + 3) : at + 2;
    }

    private void ReadRaw(int tag, int start)
    {
        for (int i = Text.IndexOf("{%", start, StringComparison.Ordinal); i >= 0; i = Text.IndexOf("{%", i + 1, StringComparison.Ordinal))
        {
            int inside = i + 2;
            if (inside < Text.Length && Text[inside] is '-' or '+') inside++;
            int end = MatchWord(inside, "endraw");
            if (end < 0) continue;
            char sign = end < Text.Length && Text[end] is '-' or '+' ? Text[end++] : ' ';
            if (string.CompareOrdinal(Text, end, "%}", 0, 2) != 0) continue;
            (_at, _startsLine) = (start, false);
            AddDataBefore(i, isOutput: false);
            Close(end + 2, sign, trimsLine: true);
            return;
        }

        _at = start;
        if (start < Text.Length) throw _source.Error(tag, "the raw block is not closed; expected 'endraw'");
    }

    /// <summary>The index behind whitespace, the word and whitespace, or -1.</summary>
    private int MatchWord(int at, string word)
    {
        at = SkipSpace(at);
        return string.CompareOrdinal(Text, at, word, 0, word.Length) == 0 ? SkipSpace(at + word.Length) : -1;
    }

    private int SkipSpace(int at)
    {
        while (at < Text.Length && PythonText.IsSpace(Text[at])) at++;
        return at;
    }

    private void ReadCode(int tag, int inside, char kind)
    {
        bool isOutput = kind == '{';
        Add(isOutput ? TokenKind.OutputBegin : TokenKind.BlockBegin, "", tag);
        CodeLexer code = new(_source, _tokens, inside, isOutput);
        char sign = code.Read();
        Close(code.End, sign, trimsLine: !isOutput);
    }

    /// <summary>Continues behind a tag's end.</summary>
    private void Close(int end, char sign, bool trimsLine)
    {
        _at = end;
        if (sign == '-') _at = SkipSpace(_at);
        else if (sign != '+' && trimsLine && _at < Text.Length && Text[_at] == '\n') _at++;
        _startsLine = Text[_at - 1] == '\n';
    }

    private void AddData(int start, string text)
    {
        if (text.Length > 0) Add(TokenKind.Data, text, start);
    }

    private void Add(TokenKind kind, string text, int start) => _tokens.Add(new(kind, text, _source.PositionOf(start)));
}
