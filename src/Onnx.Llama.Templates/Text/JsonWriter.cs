using System.Globalization;
using System.Text;
using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's json.dumps.</summary>
internal sealed class JsonWriter(bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys, RenderContext context)
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public string Text => _text.ToString();

    /// <exception cref="TemplateFault">The value is no JSON value, or the text grows beyond the limits.</exception>
    public void Write(TemplateValue value)
    {
        switch (value)
        {
            case NoneValue: _text.Append("null"); break;
            case BooleanValue truth: _text.Append(truth.Value ? "true" : "false"); break;
            case IntegerValue integer: _text.Append(IntegerValue.Print(integer.Value)); break;
            case FloatValue number: _text.Append(Float(number.Value)); break;
            case StringValue text: WriteText(text.Text); break;
            case SequenceValue sequence: WriteList(sequence); break;
            case DictValue dict: WriteDict(dict); break;
            default: throw TemplateFault.Type($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private static string Float(double value) =>
        double.IsFinite(value) ? FloatText.Repr(value) : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private void WriteList(SequenceValue list) => WriteParts('[', ']', list.Values.Length, i => Write(list.Values[i]));

    private void WriteDict(DictValue dict)
    {
        int[] order = sortKeys ? SortedKeys(dict) : [.. Enumerable.Range(0, dict.Keys.Length)];
        WriteParts('{', '}', order.Length, i =>
        {
            WriteText(KeyText(dict.Keys[order[i]]));
            _text.Append(keySeparator);
            Write(dict.Values[order[i]]);
        });
    }

    private int[] SortedKeys(DictValue dict) => MergeSort.Sort([.. Enumerable.Range(0, dict.Keys.Length)], (left, right) =>
    {
        context.Charge(1);
        return Comparison.IsLess(dict.Keys[left], dict.Keys[right], context);
    });

    private void WriteParts(char open, char close, int count, Action<int> writePart)
    {
        _text.Append(open);
        _depth++;
        for (int i = 0; i < count; i++)
        {
            if (i > 0) _text.Append(itemSeparator);
            WriteNewLine();
            writePart(i);
        }

        _depth--;
        if (count > 0) WriteNewLine();
        _text.Append(close);
    }

    private void WriteNewLine()
    {
        int width = indent is null ? 0 : 1 + (indent.Length * _depth);
        context.ChargeGrowth(_text.Length, width + 16);
        if (indent is null) return;
        _text.Append('\n');
        for (int i = 0; i < _depth; i++) _text.Append(indent);
    }

    private static string KeyText(TemplateValue key) => key switch
    {
        StringValue text => text.Text,
        BooleanValue truth => truth.Value ? "true" : "false",
        NoneValue => "null",
        IntegerValue integer => IntegerValue.Print(integer.Value),
        FloatValue number => Float(number.Value),
        _ => throw TemplateFault.Type($"keys must be str, int, float, bool or None, not {key.TypeName}"),
    };

    private void WriteText(string text)
    {
        context.ChargeGrowth(_text.Length, text.Length);
        _text.Append('"');
        foreach (char c in text) WriteCharacter(c);
        _text.Append('"');
    }

    private void WriteCharacter(char c)
    {
        switch (c)
        {
            case '"': _text.Append("\\\""); break;
            case '\\': _text.Append("\\\\"); break;
            case '\n': _text.Append("\\n"); break;
            case '\r': _text.Append("\\r"); break;
            case '\t': _text.Append("\\t"); break;
            case '\b': _text.Append("\\b"); break;
            case '\f': _text.Append("\\f"); break;
            case < ' ': WriteEscape(c); break;
            case > '~' when ensureAscii: WriteEscape(c); break;
            default: _text.Append(c); break;
        }
    }

    private void WriteEscape(char c) => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
}
