using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Methods of str that search or cut. Their indices are code points.</summary>
internal static partial class StringMethods
{
    public static string Strip(string text, TemplateValue? characters, StripSides sides, RenderContext context)
    {
        if (characters is null or NoneValue)
        {
            if (sides.HasFlag(StripSides.Start)) text = PythonText.StripStart(text);
            return sides.HasFlag(StripSides.End) ? PythonText.StripEnd(text) : text;
        }

        string set = characters is StringValue given ? given.Text : throw TemplateFault.Type($"strip arg must be None or str, not {characters.TypeName}");
        HashSet<int> points = [.. Points(set)];
        context.Charge(set.Length);
        int start = 0, end = text.Length;
        while (sides.HasFlag(StripSides.Start) && start < end && points.Contains(CodePoints.At(text, start, out int units))) start += units;
        while (sides.HasFlag(StripSides.End) && end > start && points.Contains(CodePoints.Before(text, end, out int units))) end -= units;
        return text[start..end];
    }

    private static StringValue Strip(StringValue self, Arguments arguments, string name, StripSides sides, RenderContext context)
    {
        string text = Strip(self.Text, arguments.Bind(name, 0, "")[0], sides, context);
        return text.Length == self.Text.Length ? self : new(text);
    }

    private static IEnumerable<int> Points(string text)
    {
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i)) yield return CodePoints.At(text, i, out _);
    }

    /// <summary>The part that a search is limited to, in UTF-16 units; nothing where it starts behind its end.</summary>
    private static (int Start, int End)? Range(StringValue self, TemplateValue? start, TemplateValue? end)
    {
        (int from, int to) = TextRange.Clamp(start, end, self.Length);
        if (from > to || from > self.Length) return null;
        return self.IsBasic ? (from, to) : (CodePoints.Offset(self.Text, from), CodePoints.Offset(self.Text, to));
    }

    private static int Search(StringValue self, Arguments arguments, string name, bool fromEnd)
    {
        TemplateValue?[] bound = arguments.Bind(name, 1, "", "", "");
        string part = TextArguments.Text(name, bound[0]!);
        if (Range(self, bound[1], bound[2]) is not var (start, end)) return -1;
        ReadOnlySpan<char> text = self.Text.AsSpan(start, end - start);
        int index = fromEnd ? part.Length == 0 ? text.Length : text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return index < 0 ? -1 : CodePoints.Count(self.Text.AsSpan(0, start + index));
    }

    private static IntegerValue Index(StringValue self, Arguments arguments, string name, bool fromEnd)
    {
        int index = Search(self, arguments, name, fromEnd);
        return index >= 0 ? IntegerValue.Of(index) : throw TemplateFault.Value("substring not found");
    }

    private static IntegerValue Count(StringValue self, Arguments arguments, RenderContext context)
    {
        TemplateValue?[] bound = arguments.Bind("count", 1, "", "", "");
        string part = TextArguments.Text("count", bound[0]!);
        if (Range(self, bound[1], bound[2]) is not var (start, end)) return IntegerValue.Of(0);
        ReadOnlySpan<char> text = self.Text.AsSpan(start, end - start);
        return IntegerValue.Of(part.Length == 0 ? CodePoints.Count(text) + 1 : System.MemoryExtensions.Count(text, part));
    }

    private static BooleanValue HasAffix(StringValue self, Arguments arguments, bool isPrefix)
    {
        string name = isPrefix ? "startswith" : "endswith";
        TemplateValue?[] bound = arguments.Bind(name, 1, "", "", "");
        TemplateValue[] affixes = bound[0] switch
        {
            StringValue single => [single],
            TupleValue several => several.Values,
            _ => throw TemplateFault.Type($"{name} first arg must be str or a tuple of str, not {bound[0]!.TypeName}"),
        };
        if (Range(self, bound[1], bound[2]) is not var (start, end)) return BooleanValue.False;
        foreach (TemplateValue affix in affixes)
        {
            if (affix is not StringValue text) throw TemplateFault.Type($"tuple for {name} must only contain str, not {affix.TypeName}");
            ReadOnlySpan<char> part = self.Text.AsSpan(start, end - start);
            if (isPrefix ? part.StartsWith(text.Text, StringComparison.Ordinal) : part.EndsWith(text.Text, StringComparison.Ordinal)) return BooleanValue.True;
        }

        return BooleanValue.False;
    }

    private static StringValue RemoveAffix(StringValue self, Arguments arguments, bool isPrefix)
    {
        string name = isPrefix ? "removeprefix" : "removesuffix";
        string affix = TextArguments.Text(name, arguments.Bind(name, 1, "")[0]!);
        if (isPrefix) return self.Text.StartsWith(affix, StringComparison.Ordinal) ? new(self.Text[affix.Length..]) : self;
        return self.Text.EndsWith(affix, StringComparison.Ordinal) ? new(self.Text[..^affix.Length]) : self;
    }

    private static TupleValue Partition(StringValue self, Arguments arguments, string name, bool fromEnd)
    {
        string separator = TextArguments.Text(name, arguments.Bind(name, 1, "")[0]!);
        if (separator.Length == 0) throw TemplateFault.Value("empty separator");
        int index = fromEnd ? self.Text.LastIndexOf(separator, StringComparison.Ordinal) : self.Text.IndexOf(separator, StringComparison.Ordinal);
        if (index < 0) return fromEnd ? new([StringValue.Empty, StringValue.Empty, self]) : new([self, StringValue.Empty, StringValue.Empty]);
        return new([new StringValue(self.Text[..index]), new StringValue(separator), new StringValue(self.Text[(index + separator.Length)..])]);
    }

    private static ListValue Split(StringValue self, Arguments arguments, string name, bool fromEnd, RenderContext context)
    {
        TemplateValue?[] bound = arguments.Bind(name, 0, "sep", "maxsplit");
        long limit = bound[1] is null ? -1 : TextArguments.Index(name, bound[1]!);
        if (limit < 0) limit = long.MaxValue;
        string? separator = bound[0] is null or NoneValue ? null : TextArguments.Text(name, bound[0]!);
        if (separator?.Length == 0) throw TemplateFault.Value("empty separator");
        List<string> parts = (separator, fromEnd) switch
        {
            (null, false) => TextSplitting.Words(self.Text, limit),
            (null, true) => TextSplitting.WordsFromEnd(self.Text, limit),
            (_, false) => TextSplitting.At(self.Text, separator, limit),
            _ => TextSplitting.AtFromEnd(self.Text, separator, limit),
        };
        context.Charge(parts.Count);
        return new([.. parts.Select(part => new StringValue(part))]);
    }

    private static ListValue SplitLines(StringValue self, Arguments arguments, RenderContext context)
    {
        bool keepsEnds = arguments.Bind("splitlines", 0, "keepends")[0] is { IsTrue: true };
        List<string> lines = [.. Lines.Split(self.Text, keepsEnds)];
        context.Charge(lines.Count);
        return new ListValue([.. lines.Select(line => new StringValue(line))]);
    }
}
