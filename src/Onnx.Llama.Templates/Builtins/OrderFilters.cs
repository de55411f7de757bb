using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Filters that order, group or compare elements; texts without regard to case unless told.</summary>
internal static class OrderFilters
{
    public static TemplateValue Sort(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
        context.Charge((bound[2] as StringValue)?.Text.Length >> 1 ?? 0);
        List<AttributePath> paths = bound[2] is StringValue text
            ? [.. text.Text.Split(',').Select(part => AttributePath.Of(context, new StringValue(part)))]
            : [AttributePath.Of(context, bound[2])];
        bool exact = IsTrue(bound[1]);
        IEnumerable<TemplateValue> items = context.Items(value);
        return new ListValue(Sorted(items, item => Key(item, paths, exact, context), IsTrue(bound[0]), context));
    }

    public static TemplateValue DictSort(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
        string by = bound[1] is null ? "key" : context.Text(bound[1]!);
        if (by is not ("key" or "value")) throw TemplateFault.Runtime("You can only sort by either \"key\" or \"value\"");
        if (value is UndefinedValue undefined) throw undefined.Fault();
        if (value is not DictValue dict) throw TemplateFault.Type($"'{value.TypeName}' object has no attribute 'items'");
        int place = by == "key" ? 0 : 1;
        bool exact = IsTrue(bound[0]);
        TemplateValue[] pairs = SequenceFilters.Pairs(dict, context);
        return new ListValue(Sorted(pairs, pair => Folded(((TupleValue)pair).Values[place], exact, context), IsTrue(bound[2]), context));
    }

    public static TemplateValue Unique(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("unique", 0, "case_sensitive", "attribute");
        AttributePath path = AttributePath.Of(context, bound[1]);
        HashSet<TemplateValue> seen = new(KeyComparer.Instance);
        List<TemplateValue> unique = [];
        foreach (TemplateValue item in context.Items(value))
        {
            TemplateValue key = Folded(path.Get(item, context), IsTrue(bound[0]), context);
            context.Charge(key.Weight);
            if (seen.Add(key)) unique.Add(item);
        }

        return new IteratorValue("generator", [.. unique]);
    }

    public static TemplateValue Min(RenderContext context, TemplateValue value, Arguments arguments) =>
        Extreme(context, value, arguments, "min", ComparisonOperator.Less);

    public static TemplateValue Max(RenderContext context, TemplateValue value, Arguments arguments) =>
        Extreme(context, value, arguments, "max", ComparisonOperator.Greater);

    public static TemplateValue GroupBy(RenderContext context, TemplateValue value, Arguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("groupby", 1, "attribute", "default", "case_sensitive");
        AttributePath path = AttributePath.Of(context, bound[0], bound[1]);
        bool exact = IsTrue(bound[2]);
        TemplateValue[] items = Sorted(context.Items(value), Key, false, context);
        List<TemplateValue> groups = [];
        for (int start = 0, end; start < items.Length; start = end)
        {
            TemplateValue key = Key(items[start]);
            for (end = start + 1; end < items.Length && context.AreEqual(Key(items[end]), key);) end++;
            groups.Add(new GroupValue(path.Get(items[start], context), new ListValue(items[start..end])));
        }

        return new ListValue([.. groups]);

        TemplateValue Key(TemplateValue item) => Folded(path.Get(item, context), exact, context);
    }

    private static TemplateValue Extreme(RenderContext context, TemplateValue value, Arguments arguments, string name, ComparisonOperator better)
    {
        TemplateValue?[] bound = arguments.Bind(name, 0, "case_sensitive", "attribute");
        AttributePath path = AttributePath.Of(context, bound[1]);
        (TemplateValue Item, TemplateValue Key)? best = null;
        foreach (TemplateValue item in context.Items(value))
        {
            TemplateValue key = Folded(path.Get(item, context), IsTrue(bound[0]), context);
            if (best is null || Comparison.Apply(better, key, best.Value.Key, context)) best = (item, key);
        }

        return best?.Item ?? UndefinedValue.Because("No aggregated item, sequence was empty.");
    }

    private static TemplateValue Key(TemplateValue item, List<AttributePath> paths, bool exact, RenderContext context) => paths.Count == 1
        ? Folded(paths[0].Get(item, context), exact, context)
        : new ListValue([.. paths.Select(path => Folded(path.Get(item, context), exact, context))]);

    private static TemplateValue Folded(TemplateValue key, bool exact, RenderContext context)
    {
        if (exact || key is not StringValue text) return key;
        context.Charge(1 + (text.Text.Length >> 3));
        return new StringValue(CaseMapping.Lower(text.Text));
    }

    /// <summary>A stable merge sort that, as Python's, uses nothing but "less".</summary>
    private static TemplateValue[] Sorted(IEnumerable<TemplateValue> items, Func<TemplateValue, TemplateValue> keyOf, bool reverse, RenderContext context)
    {
        List<(TemplateValue Key, TemplateValue Item)> keyed = [.. items.Select(item => (keyOf(item), item))];
        context.Charge(keyed.Count);
        // Python keeps equal elements in order when reversed, too: it sorts the reversed list and reverses the result.
        if (reverse) keyed.Reverse();
        (TemplateValue, TemplateValue)[] sorted = MergeSort.Sort(keyed.ToArray(), (left, right) => Less(left.Item1, right.Item1));
        if (reverse) Array.Reverse(sorted);
        return [.. sorted.Select(pair => pair.Item2)];

        bool Less(TemplateValue left, TemplateValue right)
        {
            context.Charge(1);
            return Comparison.IsLess(left, right, context);
        }
    }

    private static bool IsTrue(TemplateValue? value) => value?.IsTrue ?? false;
}
