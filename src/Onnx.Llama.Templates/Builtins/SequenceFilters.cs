using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters of sequences, but for those that order them.</summary>
internal static class SequenceFilters
{
    public static TemplateValue First(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("first");
        IReadOnlyList<TemplateValue> items = context.Items(value);
        return items.Count > 0 ? items[0] : UndefinedValue.Because("No first item, sequence was empty.");
    }

    public static TemplateValue Last(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("last");
        if (value is not (StringValue or SequenceValue or RangeValue or DictValue or DictView or UndefinedValue))
        {
            throw TemplateFault.Type($"'{value.TypeName}' object is not reversible");
        }

        IReadOnlyList<TemplateValue> items = context.Items(value);
        return items.Count > 0 ? items[^1] : UndefinedValue.Because("No last item, sequence was empty.");
    }

    public static TemplateValue List(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("list");
        IReadOnlyList<TemplateValue> items = context.Items(value);
        context.Charge(items.Count);
        return new ListValue([.. items]);
    }

    public static TemplateValue Items(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("items");
        return value switch
        {
            UndefinedValue => new IteratorValue("generator", []),
            DictValue dict => new IteratorValue("generator", Pairs(dict, context)),
            _ => throw TemplateFault.Type("Can only get item pairs from a mapping."),
        };
    }

    public static TemplateValue[] Pairs(DictValue dict, RenderContext context)
    {
        context.Charge(dict.Keys.Length);
        return dict.Pairs();
    }

    public static TemplateValue Join(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("join", 0, "d", "attribute");
        string separator = bound[0] is null ? "" : context.Text(bound[0]!);
        AttributePath path = AttributePath.Of(context, bound[1]);
        return JoinTexts(separator, [.. context.Items(value).Select(item => context.Text(path.Get(item, context)))], context);
    }

    public static StringValue JoinTexts(string separator, string[] texts, RenderContext context)
    {
        long length = (long)separator.Length * Math.Max(0, texts.Length - 1);
        foreach (string text in texts) length += text.Length;
        context.ChargeText(length);
        return new(string.Join(separator, texts));
    }

    public static TemplateValue Reverse(RenderContext context, TemplateValue value, Arguments arguments)
    {
        arguments.BindNone("reverse");
        if (value is StringValue text) return new SliceValue(null, null, IntegerValue.Of(-1)).Of(text, context);
        TemplateValue[] items;
        try
        {
            items = [.. context.Items(value)];
        }
        catch (TemplateFault)
        {
            throw TemplateFault.Runtime("argument must be iterable");
        }

        context.Charge(items.Length);
        Array.Reverse(items);
        return value is SequenceValue or DictValue or RangeValue ? new IteratorValue($"{value.TypeName}_reverseiterator", items) : new ListValue(items);
    }

    public static TemplateValue Sum(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("sum", 0, "attribute", "start");
        AttributePath path = AttributePath.Of(context, bound[0]);
        TemplateValue sum = bound[1] ?? IntegerValue.Of(0);
        if (sum is StringValue) throw TemplateFault.Type("sum() can't sum strings [use ''.join(seq) instead]");
        foreach (TemplateValue item in context.Items(value))
        {
            context.Step(context.Position);
            sum = Arithmetic.Apply(BinaryOperator.Add, sum, path.Get(item, context), context);
        }

        return sum;
    }

    public static TemplateValue Batch(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("batch", 1, "linecount", "fill_with");
        int size = (int)Math.Clamp(TextArguments.Index("batch", bound[0]!), 1, int.MaxValue);
        List<TemplateValue> batches = [];
        foreach (TemplateValue[] batch in context.Items(value).Chunk(size))
        {
            int missing = bound[1] is null or NoneValue ? 0 : size - batch.Length;
            context.Charge(1L + batch.Length + missing);
            batches.Add(new ListValue(missing == 0 ? batch : [.. batch, .. Enumerable.Repeat(bound[1]!, missing)]));
        }

        return new IteratorValue("generator", [.. batches]);
    }

    public static TemplateValue Slice(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("slice", 1, "slices", "fill_with");
        long slices = TextArguments.Index("slice", bound[0]!);
        if (slices == 0) throw TemplateFault.ZeroDivision("integer division or modulo by zero");
        TemplateValue[] items = [.. context.Items(value)];
        context.Charge(items.Length + Math.Max(0, slices));
        List<TemplateValue> lists = [];
        (long size, long longer) = Math.DivRem(items.Length, slices);
        for (long i = 0, start = 0; i < slices; i++)
        {
            long end = start + size + (i < longer ? 1 : 0);
            bool fills = i >= longer && bound[1] is not (null or NoneValue);
            TemplateValue[] part = items[(int)start..(int)end];
            lists.Add(new ListValue(fills ? [.. part, bound[1]!] : part));
            start = end;
        }

        return new IteratorValue("generator", [.. lists]);
    }
}
