using System.Globalization;
using System.Numerics;
using System.Text;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's <c>str.format</c>. Attributes go through the sandbox, as everywhere.</summary>
internal sealed class BraceFormat(Arguments arguments, RenderContext context, bool isMarkup)
{
    /// <summary>A format within a format, and no deeper: Python's limit.</summary>
    private const int MaxNesting = 2;

    private int _next;
    private bool _isNumbered;

    /// <exception cref="TemplateFault">The format is none, or the values do not fit it.</exception>
    public string Apply(string format) => Apply(format, MaxNesting);

    private string Apply(string format, int nesting)
    {
        if (nesting == 0) throw TemplateFault.Value("Max string recursion exceeded");
        StringBuilder text = new();
        for (int i = 0; i < format.Length;)
        {
            char c = format[i];
            bool isDoubled = i + 1 < format.Length && format[i + 1] == c;
            if (c is '{' or '}' && isDoubled) i++;
            else if (c == '}') throw TemplateFault.Value("Single '}' encountered in format string");
            if (c == '{' && !isDoubled) i = ReplaceField(format, i + 1, nesting, text);
            else text.Append(format[i++]);
            context.ChargeGrowth(text.Length, 0);
        }

        return text.ToString();
    }

    private int ReplaceField(string format, int start, int nesting, StringBuilder text)
    {
        int end = FieldEnd(format, start);
        ReadOnlySpan<char> field = format.AsSpan(start, end - start);
        int nameEnd = NameEnd(field);
        string rest = field[nameEnd..].ToString();
        char conversion = '\0';
        if (rest.StartsWith('!'))
        {
            if (rest.Length < 2 || (rest.Length > 2 && rest[2] != ':')) throw TemplateFault.Value("expected ':' after conversion specifier");
            conversion = rest[1];
            rest = rest[2..];
        }

        context.Charge(1 + (arguments.Named.Length >> 3));
        TemplateValue value = Converted(Value(field[..nameEnd].ToString()), conversion);
        string spec = rest.Length > 0 ? Apply(rest[1..], nesting - 1) : "";
        string formatted = Formatted(value, spec);
        if (isMarkup && value is not StringValue { IsMarkup: true }) formatted = Html.Escape(formatted);
        context.ChargeGrowth(text.Length, formatted.Length);
        text.Append(formatted);
        return end + 1;
    }

    private static int FieldEnd(string format, int start)
    {
        if (start == format.Length) throw TemplateFault.Value("Single '{' encountered in format string");
        int open = 1;
        for (int i = start; i < format.Length; i++)
        {
            if (format[i] == '{') open++;
            if (format[i] == '}' && --open == 0) return i;
        }

        throw TemplateFault.Value("expected '}' before end of string");
    }

    /// <summary>The end of the name, before <c>!</c> or <c>:</c> outside of square brackets.</summary>
    private static int NameEnd(ReadOnlySpan<char> field)
    {
        bool inBrackets = false;
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '[') inBrackets = true;
            else if (field[i] == ']') inBrackets = false;
            else if (field[i] is '!' or ':' && !inBrackets) return i;
        }

        return field.Length;
    }

    private TemplateValue Value(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '[');
        string head = first < 0 ? name : name[..first];
        TemplateValue value = Argument(head);
        for (int i = first < 0 ? name.Length : first; i < name.Length;)
        {
            if (name[i] == '.')
            {
                int end = name.AsSpan(i + 1).IndexOfAny('.', '[') is int length and >= 0 ? i + 1 + length : name.Length;
                value = Members.Attribute(value, new StringValue(name[(i + 1)..end]), context);
                i = end;
                continue;
            }

            int close = name[i] == '[' ? name.IndexOf(']', i) : throw TemplateFault.Value("Only '.' or '[' may follow ']' in format field specifier");
            if (close < 0) throw TemplateFault.Value("Missing ']' in format string");
            value = Members.Item(value, Key(name[(i + 1)..close]), context);
            i = close + 1;
        }

        return value;
    }

    private static TemplateValue Key(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit)
        ? IntegerValue.Of(int.Parse(text, CultureInfo.InvariantCulture))
        : new StringValue(text);

    private TemplateValue Argument(string name)
    {
        if (name.Length > 0 && !name.All(char.IsAsciiDigit)) return arguments.FindNamed(name) ?? throw new TemplateFault($"KeyError: {PythonText.Quote(name)}");
        if (name.Length > 0 && _next > 0) throw TemplateFault.Value("cannot switch from automatic field numbering to manual field specification");
        if (name.Length == 0 && _isNumbered) throw TemplateFault.Value("cannot switch from manual field specification to automatic field numbering");
        if (name.Length > 0) _isNumbered = true;
        int index = name.Length == 0 ? _next++ : name.Length < 10 ? int.Parse(name, CultureInfo.InvariantCulture) : int.MaxValue;
        return index < arguments.Positional.Length
            ? arguments.Positional[index]
            : throw new TemplateFault("IndexError: tuple index out of range");
    }

    private TemplateValue Converted(TemplateValue value, char conversion) => conversion switch
    {
        '\0' => value,
        's' => new StringValue(context.Text(value)),
        'r' or 'a' => new StringValue(context.Repr(value)),
        _ => throw TemplateFault.Value($"Unknown conversion specifier {conversion}"),
    };

    private string Formatted(TemplateValue value, string text)
    {
        if (text.Length == 0) return context.Text(value);
        FormatSpec spec = FormatSpecSyntax.Parse(text, context);
        if (value is StringValue given) return Text(given.Text, spec);
        if (!Number.Is(value)) throw TemplateFault.Type($"unsupported format string passed to {value.TypeName}.__format__");
        context.Charge(PercentFormat.FloatWork);
        if (value is FloatValue number) return NumberFormat.Float(number.Value, spec);
        Number.TryInteger(value, out BigInteger integer);
        if (spec.Type == 'c') return spec.Padded(CodePoints.ToText((int)BigInteger.Min(BigInteger.Max(integer, 0), 0x10FFFF)), '<');
        if (spec.Type == 's') throw TemplateFault.Value("Unknown format code 's' for object of type 'int'");
        bool isInteger = spec.Type is null or 'd' or 'n' or 'x' or 'X' or 'o' or 'b';
        return isInteger ? NumberFormat.Integer(integer, spec) : NumberFormat.Float(Number.ToDouble(integer), spec);
    }

    private static string Text(string text, FormatSpec spec)
    {
        if (spec.Type is not (null or 's')) throw TemplateFault.Value($"Unknown format code '{spec.Type}' for object of type 'str'");
        if (spec.Align == '=') throw TemplateFault.Value("'=' alignment not allowed in string format specifier");
        if (spec.Precision is { } precision && precision < CodePoints.Count(text)) text = text[..CodePoints.Offset(text, precision)];
        return spec.Padded(text, '<');
    }
}
