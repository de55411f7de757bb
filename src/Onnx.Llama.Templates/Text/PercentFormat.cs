using System.Globalization;
using System.Numerics;
using System.Text;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Text;

/// <summary>Python's <c>format % values</c>.</summary>
internal sealed class PercentFormat
{
    /// <summary>The steps of rounding a floating-point number exactly, which takes integers of up to 1074 digits.</summary>
    public const int FloatWork = 200;

    private readonly string _format;
    private readonly bool _isMarkup;
    private readonly TemplateValue _values;
    private readonly RenderContext _context;
    private readonly StringBuilder _text = new();
    private int _at;
    private int _used;

    private PercentFormat(StringValue format, TemplateValue values, RenderContext context)
    {
        _format = format.Text;
        _isMarkup = format.IsMarkup;
        _values = values;
        _context = context;
    }

    /// <exception cref="TemplateFault">The format is none, or the values do not fit it.</exception>
    public static StringValue Apply(StringValue format, TemplateValue values, RenderContext context) =>
        new StringValue(new PercentFormat(format, values, context).Apply()).Like(format);

    private string Apply()
    {
        _context.ChargeText(_format.Length);
        while (_at < _format.Length)
        {
            if (_format[_at] == '%') Convert();
            else _text.Append(_format[_at++]);
        }

        // Python takes everything that has elements for a mapping, of which nothing need be used.
        bool isMapping = _values is DictValue or ListValue or RangeValue or UndefinedValue;
        bool allUsed = _values is TupleValue tuple ? _used == tuple.Values.Length : _used > 0 || isMapping;
        return allUsed ? _text.ToString() : throw TemplateFault.Type("not all arguments converted during string formatting");
    }

    private void Convert()
    {
        _at++;
        TemplateValue? named = ReadKey();
        FormatSpec spec = ReadFlags();
        spec = spec with { Width = ReadCount() ?? spec.Width };
        if (spec.Width < 0) spec = spec with { Width = -spec.Width, Align = '<', Fill = " " };
        if (Peek() == '.')
        {
            _at++;
            spec = spec with { Precision = Math.Max(0, ReadCount() ?? 0) };
        }

        if (Peek() is 'h' or 'l' or 'L') _at++;
        char type = Peek();
        if (type == '\0') throw TemplateFault.Value("incomplete format");
        _at++;
        string text = type == '%' ? "%" : Convert(named ?? NextValue(), spec with { Type = type });
        _context.ChargeGrowth(_text.Length, text.Length);
        _text.Append(text);
    }

    private TemplateValue? ReadKey()
    {
        if (Peek() != '(') return null;
        int start = ++_at;
        for (int open = 1; open > 0; _at++)
        {
            if (_at >= _format.Length) throw TemplateFault.Value("incomplete format key");
            open += _format[_at] == '(' ? 1 : _format[_at] == ')' ? -1 : 0;
        }

        if (_values is not DictValue dict) throw TemplateFault.Type("format requires a mapping");
        string key = _format[start..(_at - 1)];
        _used = 1;
        return dict.Find(key) ?? throw new TemplateFault($"KeyError: {PythonText.Quote(key)}");
    }

    private FormatSpec ReadFlags()
    {
        FormatSpec spec = new();
        for (; ; _at++)
        {
            switch (Peek())
            {
                case '-': spec = spec with { Align = '<', Fill = " " }; break;
                case '+': spec = spec with { Sign = '+' }; break;
                case ' ': spec = spec.Sign == '+' ? spec : spec with { Sign = ' ' }; break;
                case '#': spec = spec with { IsAlternate = true }; break;
                case '0': spec = spec.Align == '<' ? spec : spec with { Align = '=', Fill = "0" }; break;
                default: return spec;
            }
        }
    }

    private int? ReadCount()
    {
        if (Peek() == '*')
        {
            _at++;
            if (!Number.TryIndex(NextValue(), out long given)) throw TemplateFault.Type("* wants int");
            _context.ChargeText(Math.Abs(given));
            return (int)given;
        }

        int start = _at;
        while (char.IsAsciiDigit(Peek())) _at++;
        if (start == _at) return null;
        if (!int.TryParse(_format.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out int count)) throw TemplateFault.Value("width too big");
        _context.ChargeText(count);
        return count;
    }

    private TemplateValue NextValue()
    {
        TemplateValue? value = _values is TupleValue tuple ? tuple.Values.ElementAtOrDefault(_used) : _used == 0 ? _values : null;
        _used++;
        return value ?? throw TemplateFault.Type("not enough arguments for format string");
    }

    private string Convert(TemplateValue value, FormatSpec spec)
    {
        switch (spec.Type)
        {
            case 's': return Text(_isMarkup && value is not StringValue { IsMarkup: true } ? Html.Escape(_context.Text(value)) : _context.Text(value), spec);
            case 'r': return Text(_isMarkup ? Html.Escape(_context.Repr(value)) : _context.Repr(value), spec);
            case 'a': return Text(string.Concat(_context.Repr(value).Select(c => c < 128 ? c.ToString() : Escaped(c))), spec);
            case 'c': return Text(Character(value), spec with { Precision = null });
            case 'd' or 'i' or 'u': return Integer(value, spec with { Type = 'd' }, allowsFloat: true);
            case 'x' or 'X' or 'o': return Integer(value, spec, allowsFloat: false);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                _context.Charge(FloatWork);
                return NumberFormat.Float(Real(value), spec);
            default: throw TemplateFault.Value($"unsupported format character '{spec.Type}' (0x{(int)spec.Type!:x}) at index {_at - 1}");
        }
    }

    private static string Text(string text, FormatSpec spec)
    {
        if (spec.Precision is { } precision && precision < CodePoints.Count(text)) text = text[..CodePoints.Offset(text, precision)];
        return (spec with { Fill = " ", Align = spec.Align == '<' ? '<' : '>' }).Padded(text, '>');
    }

    private static string Escaped(char c)
    {
        StringBuilder text = new();
        PythonText.AppendEscape(text, c);
        return text.ToString();
    }

    private static string Character(TemplateValue value)
    {
        if (value is StringValue { Length: 1 } text) return text.Text;
        if (!Number.TryIndex(value, out long point)) throw TemplateFault.Type("%c requires int or char");
        return point is >= 0 and <= 0x10FFFF ? CodePoints.ToText((int)point) : throw TemplateFault.Overflow("%c arg not in range(0x110000)");
    }

    private static string Integer(TemplateValue value, FormatSpec spec, bool allowsFloat)
    {
        if (value is UndefinedValue undefined) throw undefined.Fault();
        if (value is FloatValue { Value: double number } && allowsFloat && double.IsFinite(number)) value = IntegerValue.Of(new BigInteger(number));
        if (!Number.TryInteger(value, out BigInteger integer))
        {
            throw TemplateFault.Type($"%{spec.Type} format: {(allowsFloat ? "a real number" : "an integer")} is required, not {value.TypeName}");
        }

        if (spec.Precision is not { } digits) return NumberFormat.Integer(integer, spec);
        string text = NumberFormat.Integer(BigInteger.Abs(integer), new FormatSpec { Type = spec.Type }).PadLeft(digits, '0');
        string sign = integer.Sign < 0 ? "-" : spec.Sign == '-' ? "" : spec.Sign.ToString();
        string prefix = spec is { IsAlternate: true, Type: 'x' or 'X' or 'o' } ? $"0{spec.Type}" : "";
        int missing = spec.Align == '=' ? Math.Max(0, spec.Width - sign.Length - prefix.Length - text.Length) : 0;
        return spec.Padded(sign + prefix + new string('0', missing) + text, '>');
    }

    private static double Real(TemplateValue value) => value is UndefinedValue undefined ? throw undefined.Fault() : Number.ToDouble(value);

    private char Peek() => _at < _format.Length ? _format[_at] : '\0';
}
