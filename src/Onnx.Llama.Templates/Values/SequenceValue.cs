using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's list or tuple.</summary>
internal abstract class SequenceValue : TemplateValue
{
    private readonly Tree _tree;

    protected SequenceValue(TemplateValue[] values)
    {
        Values = values;
        _tree = Tree.Of(values);
    }

    /// <summary>The elements; never changed.</summary>
    public TemplateValue[] Values { get; }

    internal override bool IsTrue => Values.Length > 0;

    internal override long Weight => _tree.Weight;

    internal override int Nesting => _tree.Nesting;

    /// <summary>The same kind of sequence of other elements.</summary>
    public abstract SequenceValue With(TemplateValue[] values);

    internal override int? Count() => Values.Length;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context) => Values;

    internal override bool IsEqual(TemplateValue other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other.GetType() != GetType() || other is not SequenceValue sequence || sequence.Values.Length != Values.Length) return false;
        for (int i = 0; i < Values.Length; i++)
        {
            if (!Values[i].IsEqual(sequence.Values[i])) return false;
        }

        return true;
    }

    internal override TemplateValue? Item(TemplateValue key, RenderContext context)
    {
        if (key is SliceValue slice) return slice.Of(this, context);
        if (!Number.TryIndex(key, out long index)) return null;
        if (index < 0) index += Values.Length;
        return index >= 0 && index < Values.Length ? Values[index] : null;
    }

    protected void WriteValues(ReprWriter writer)
    {
        for (int i = 0; i < Values.Length; i++)
        {
            if (i > 0) writer.Append(", ");
            writer.Repr(Values[i]);
        }
    }
}
