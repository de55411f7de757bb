using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's dict, in order of insertion; the sandbox lets nobody change it.</summary>
internal sealed class DictValue : TemplateValue
{
    /// <summary>Up to here a linear search is faster than hashing, and messages have few keys.</summary>
    public const int SmallCount = 8;

    private readonly Dictionary<TemplateValue, int>? _places;
    private readonly Tree _tree;

    public DictValue(TemplateValue[] keys, TemplateValue[] values, Dictionary<TemplateValue, int>? places)
    {
        Keys = keys;
        Values = values;
        _places = places;
        _tree = Tree.Of(keys, values);
    }

    public TemplateValue[] Keys { get; }

    public TemplateValue[] Values { get; }

    internal override string TypeName => "dict";

    internal override bool IsTrue => Keys.Length > 0;

    internal override long Weight => _tree.Weight;

    internal override int Nesting => _tree.Nesting;

    public TemplateValue? Find(string key)
    {
        if (_places is not null) return Find(new StringValue(key));
        for (int i = 0; i < Keys.Length; i++)
        {
            if (Keys[i] is StringValue text && text.Text == key) return Values[i];
        }

        return null;
    }

    /// <exception cref="TemplateFault">The key is unhashable.</exception>
    public TemplateValue? Find(TemplateValue key)
    {
        if (_places is not null) return _places.TryGetValue(key, out int place) ? Values[place] : null;
        if (key is StringValue text) return Find(text.Text);
        _ = key.HashCode();
        int index = Array.FindIndex(Keys, candidate => candidate.IsEqual(key));
        return index < 0 ? null : Values[index];
    }

    public DictValue With(string key, TemplateValue value)
    {
        DictBuilder builder = new();
        builder.SetAll(this);
        builder.Set(new StringValue(key), value);
        return builder.Build();
    }

    /// <summary>An equal one that is not the same.</summary>
    public DictValue Copy() => new(Keys, Values, _places);

    /// <summary>The pairs as tuples.</summary>
    public TemplateValue[] Pairs()
    {
        TemplateValue[] pairs = new TemplateValue[Keys.Length];
        for (int i = 0; i < pairs.Length; i++) pairs[i] = new TupleValue([Keys[i], Values[i]]);
        return pairs;
    }

    internal override int? Count() => Keys.Length;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context) => Keys;

    internal override TemplateValue? Item(TemplateValue key, RenderContext context)
    {
        context.Charge(key.Weight);
        return key is ListValue or DictValue or SliceValue or NamespaceValue ? null : Find(key);
    }

    internal override TemplateValue? Attribute(string name) => DictMethods.Find(this, name);

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("{");
        for (int i = 0; i < Keys.Length; i++)
        {
            if (i > 0) writer.Append(", ");
            writer.Repr(Keys[i]);
            writer.Append(": ");
            writer.Repr(Values[i]);
        }

        writer.Append("}");
    }

    internal override bool IsEqual(TemplateValue other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not DictValue dict || dict.Keys.Length != Keys.Length) return false;
        for (int i = 0; i < Keys.Length; i++)
        {
            if (dict.Find(Keys[i]) is not { } value || !value.IsEqual(Values[i])) return false;
        }

        return true;
    }

    internal override int HashCode() => throw TemplateFault.Type("unhashable type: 'dict'");
}
