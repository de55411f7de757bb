using System.Globalization;
using System.Text;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters of the value's text.</summary>
internal static class TextFilters
{
    public static TemplateValue Upper(RenderContext context, TemplateValue value, Arguments arguments) =>
        Mapped(context, value, arguments, "upper", CaseMapping.Upper);

    public static TemplateValue Lower(RenderContext context, TemplateValue value, Arguments arguments) =>
        Mapped(context, value, arguments, "lower", CaseMapping.Lower);

    public static TemplateValue Capitalize(RenderContext context, TemplateValue value, Arguments arguments) =>
        Mapped(context, value, arguments, "capitalize", CaseMapping.Capitalize);

    /// <summary>The first character of each word large, the others small; words end at spaces, hyphens and opening brackets.</summary>
    public static TemplateValue Title(RenderContext context, TemplateValue value, Arguments arguments) => Mapped(context, value, arguments, "title", TitleOf);

    public static TemplateValue Escape(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("escape");
        string text = Read(context, value);
        context.ChargeText(5L * text.Length);
        return value is StringValue given ? given.ToMarkup() : new StringValue(text).ToMarkup();
    }

    public static TemplateValue Trim(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("trim", 0, "chars");
        string text = Read(context, value);
        return Like(value, StringMethods.Strip(text, bound[0], StripSides.Both, context));
    }

    public static TemplateValue Replace(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("replace", 2, "old", "new", "count");
        long count = bound[2] is null or NoneValue ? -1 : TextArguments.Index("replace", bound[2]!);
        return StringMethods.Replace(Read(context, value), context.Text(bound[0]!), context.Text(bound[1]!), count, context);
    }

    public static TemplateValue Indent(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("indent", 0, "width", "first", "blank");
        if (value is not StringValue text)
        {
            if (value is UndefinedValue undefined) throw undefined.Fault();
            throw TemplateFault.Type($"unsupported operand type(s) for +=: '{value.TypeName}' and 'str'");
        }

        string indent = bound[0] is StringValue given ? given.Text : Spaces(bound[0] is null ? 4 : TextArguments.Index("indent", bound[0]!), context);
        bool blank = bound[2] is { IsTrue: true };
        string[] lines = [.. Lines.Split(text.Text + "\n", keepsEnds: false)];
        context.ChargeText(text.Text.Length + ((long)lines.Length * (indent.Length + 1)));
        StringBuilder result = new();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i > 0) result.Append('\n');
            if (i == 0 ? bound[1] is { IsTrue: true } : blank || lines[i].Length > 0) result.Append(indent);
            result.Append(lines[i]);
        }

        return Like(value, result.ToString());
    }

    public static TemplateValue Center(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("center", 0, "width");
        long width = bound[0] is null ? 80 : TextArguments.Index("center", bound[0]!);
        return StringMethods.Pad(new StringValue(Read(context, value)), width, ' ', 0, context);
    }

    public static TemplateValue Format(RenderContext context, TemplateValue value, Arguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
        {
            throw TemplateFault.Runtime("can't handle positional and keyword arguments at the same time");
        }

        TemplateValue values = arguments.Named.Length > 0 ? TemplateValue.Mapping(arguments.Named) : new TupleValue(arguments.Positional);
        return PercentFormat.Apply(value as StringValue ?? new StringValue(Read(context, value)), values, context);
    }

    public static TemplateValue Truncate(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("truncate", 0, "length", "killwords", "end", "leeway");
        int count = value.Count() ?? throw TemplateFault.Type($"object of type '{value.TypeName}' has no len()");
        long length = bound[0] is null ? 255 : TextArguments.Index("truncate", bound[0]!);
        StringValue end = new(bound[2] is null ? "..." : TextArguments.Text("truncate", bound[2]!));
        long leeway = bound[3] is null or NoneValue ? 5 : TextArguments.Index("truncate", bound[3]!);
        if (length < end.Length) throw TemplateFault.Runtime($"expected length >= {end.Length}, got {length}");
        if (leeway < 0) throw TemplateFault.Runtime($"expected leeway >= 0, got {leeway}");
        if (count - leeway <= length) return value;
        if (value is not StringValue text) throw TemplateFault.Type($"a {value.TypeName} of {count} elements cannot be truncated; expected a text");
        string head = new SliceValue(null, TemplateValue.From(new System.Numerics.BigInteger(length - end.Length)), null).Of(text, context).Text;
        int space = bound[1] is { IsTrue: true } ? -1 : head.LastIndexOf(' ');
        return new StringValue((space < 0 ? head : head[..space]) + end.Text);
    }

    public static TemplateValue UrlEncode(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("urlencode");
        if (value is StringValue || Number.Is(value) || value is NoneValue) return new StringValue(Quoted(context.Text(value), "/", context));
        IEnumerable<TemplateValue> pairs = value is DictValue dict ? SequenceFilters.Pairs(dict, context) : context.Items(value);
        return SequenceFilters.JoinTexts("&", [.. pairs.Select(pair => string.Join('=', Parts(pair)))], context);

        IEnumerable<string> Parts(TemplateValue pair)
        {
            IReadOnlyList<TemplateValue> parts = context.Items(pair);
            if (parts.Count != 2) throw TemplateFault.Value($"expected pairs to encode, got {parts.Count} values");
            return parts.Select(part => Quoted(context.Text(part), "", context).Replace("%20", "+", StringComparison.Ordinal));
        }
    }

    public static TemplateValue WordCount(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("wordcount");
        string text = Read(context, value);
        context.Charge(text.Length >> 3);
        int words = 0;
        bool inWord = false;
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            bool isPart = CharacterClasses.IsWordPart(CodePoints.At(text, i, out _));
            if (isPart && !inWord) words++;
            inWord = isPart;
        }

        return IntegerValue.Of(words);
    }

    private static StringValue Mapped(RenderContext context, TemplateValue value, Arguments arguments, string name, Func<string, string> map)
    {
        arguments.BindNone(name);
        string text = Read(context, value);
        context.Charge(text.Length >> 3);
        return Like(value, map(text));
    }

    private static StringValue Like(TemplateValue model, string text) => new(text, model is StringValue { IsMarkup: true });

    /// <summary>The text, with the work of reading it counted.</summary>
    private static string Read(RenderContext context, TemplateValue value)
    {
        string text = context.Text(value);
        context.ChargeText(text.Length);
        return text;
    }

    private static string Spaces(long count, RenderContext context)
    {
        count = Math.Max(0, count);
        context.ChargeText(count);
        return new(' ', (int)count);
    }

    private static string TitleOf(string text)
    {
        StringBuilder title = new(text.Length);
        for (int start = 0, end; start < text.Length; start = end)
        {
            bool ends = EndsWord(text[start]);
            for (end = start + 1; end < text.Length && EndsWord(text[end]) == ends;) end++;
            string word = text[start..end];
            int first = CodePoints.UnitsAt(word, 0);
            title.Append(CaseMapping.Upper(word[..first])).Append(CaseMapping.Lower(word[first..]));
        }

        return title.ToString();
    }

    private static bool EndsWord(char c) => c is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(c);

    private static string Quoted(string text, string safe, RenderContext context)
    {
        context.ChargeText(3L * text.Length);
        context.Charge(text.Length >> 3);
        StringBuilder quoted = new(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || safe.Contains(c, StringComparison.Ordinal)) quoted.Append(c);
            else quoted.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return quoted.ToString();
    }
}
