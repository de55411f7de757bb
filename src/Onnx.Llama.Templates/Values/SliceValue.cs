using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's slice, <c>start:stop:step</c> between brackets. Null stands for a part left out.</summary>
internal sealed class SliceValue(TemplateValue? start, TemplateValue? stop, TemplateValue? step) : TemplateValue
{
    internal override string TypeName => "slice";

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("slice(");
        writer.Repr(start ?? None);
        writer.Append(", ");
        writer.Repr(stop ?? None);
        writer.Append(", ");
        writer.Repr(step ?? None);
        writer.Append(")");
    }

    internal override int HashCode() => throw TemplateFault.Type("unhashable type: 'slice'");

    public SequenceValue Of(SequenceValue sequence, RenderContext context)
    {
        (long from, _, long by, int count) = Resolve(sequence.Values.Length);
        context.Charge(count);
        TemplateValue[] values = new TemplateValue[count];
        if (by == 1) Array.Copy(sequence.Values, from, values, 0, count);
        else for (int i = 0; i < count; i++) values[i] = sequence.Values[from + (i * by)];
        return sequence.With(values);
    }

    public StringValue Of(StringValue text, RenderContext context)
    {
        (long from, _, long by, int count) = Resolve(text.Length);
        if (count == 0) return StringValue.Empty;
        if (by == 1 && text.IsBasic)
        {
            context.Charge(count >> 6);
            return new(text.Text.Substring((int)from, count));
        }

        context.Charge(text.Weight);
        if (by == 1)
        {
            int start = CodePoints.Offset(text.Text, (int)from);
            return new(text.Text.Substring(start, CodePoints.Offset(text.Text, count, start) - start));
        }

        IReadOnlyList<TemplateValue> points = text.Items(context);
        return new(string.Concat(Enumerable.Range(0, count).Select(i => ((StringValue)points[(int)(from + (i * by))]).Text)));
    }

    public RangeValue Of(RangeValue range)
    {
        (long from, long to, long by, _) = Resolve(range.Count()!.Value);
        return range.Slice(from, to, by);
    }

    /// <summary>Python's slice.indices, and how many elements these are.</summary>
    private (long Start, long Stop, long Step, int Count) Resolve(int length)
    {
        long by = Part(step) ?? 1;
        if (by == 0) throw TemplateFault.Value("slice step cannot be zero");
        // Longer steps reach no second element; a limit keeps the products within 64 bits.
        by = Math.Clamp(by, -int.MaxValue, int.MaxValue);
        long lowest = by > 0 ? 0 : -1, highest = by > 0 ? length : length - 1;
        long from = Bound(start, by > 0 ? lowest : highest), to = Bound(stop, by > 0 ? highest : lowest);
        long count = by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by;
        return (from, to, by, (int)Math.Max(0, count));

        long Bound(TemplateValue? part, long missing)
        {
            if (Part(part) is not { } value) return missing;
            return Math.Clamp(value < 0 ? value + length : value, lowest, highest);
        }
    }

    private static long? Part(TemplateValue? part)
    {
        if (part is null or NoneValue) return null;
        return Number.TryIndex(part, out long index) ? index : throw TemplateFault.Type("slice indices must be integers or None or have an __index__ method");
    }
}
