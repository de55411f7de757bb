using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>A template's text with <c>\n</c> as its only line ending and without the last one, as Jinja2 reads it.</summary>
internal sealed class SourceText
{
    private readonly string _name;
    private int _line = 1;
    private int _lineStart;
    private int _counted;

    public SourceText(string source, string name)
    {
        _name = name;
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        Text = text.EndsWith('\n') ? text[..^1] : text;
    }

    public string Text { get; }

    /// <summary>The line and column of an index. Indices are asked for in rising order, but for errors.</summary>
    public SourcePosition PositionOf(int index)
    {
        if (index < _counted) (_line, _lineStart, _counted) = (1, 0, 0);
        for (int next; (next = Text.AsSpan(_counted, index - _counted).IndexOf('\n')) >= 0;)
        {
            _counted += next + 1;
            _lineStart = _counted;
            _line++;
        }

        _counted = index;
        return new(_line, index - _lineStart + 1);
    }

    public TemplateException Error(int index, string reason)
    {
        SourcePosition position = PositionOf(Math.Min(index, Text.Length));
        return new(_name, position.Line, position.Column, reason);
    }
}
