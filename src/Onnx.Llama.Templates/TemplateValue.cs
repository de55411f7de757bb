using System.Numerics;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates;

/// <summary>A value that a template works with: Python's None, bool, int, float, str, list and dict. Immutable.</summary>
public abstract class TemplateValue
{
    private protected TemplateValue()
    {
    }

    /// <summary>Python's None, JSON's null.</summary>
    public static TemplateValue None => NoneValue.Instance;

    /// <summary>Python's name of the value's type.</summary>
    internal abstract string TypeName { get; }

    /// <summary>Python's <c>bool(value)</c>.</summary>
    internal virtual bool IsTrue => true;

    /// <summary>The work of walking the whole tree below: elements, and characters by 64.</summary>
    internal virtual long Weight => 1;

    /// <summary>How deep lists and mappings nest in it; 0 for a scalar.</summary>
    internal virtual int Nesting => 0;

    /// <summary>A text.</summary>
    public static TemplateValue From(string value) => new StringValue(value);

    /// <summary>A truth value.</summary>
    public static TemplateValue From(bool value) => BooleanValue.Of(value);

    /// <summary>An integer of any size.</summary>
    public static TemplateValue From(BigInteger value) => IntegerValue.Of(value);

    /// <summary>A floating-point number.</summary>
    public static TemplateValue From(double value) => new FloatValue(value);

    /// <summary>A list.</summary>
    /// <exception cref="ArgumentException">The values nest too deep or are too large.</exception>
    public static TemplateValue List(IEnumerable<TemplateValue> values) => Checked(() => new ListValue([.. values]), nameof(values));

    /// <summary>A mapping with text keys, in this order. Of equal keys the first gives the place and the last the value, as in Python.</summary>
    /// <exception cref="ArgumentException">The values nest too deep or are too large.</exception>
    public static TemplateValue Mapping(IEnumerable<KeyValuePair<string, TemplateValue>> fields) => Checked(
        () =>
        {
            DictBuilder builder = new();
            foreach ((string key, TemplateValue value) in fields) builder.Set(new StringValue(key), value);
            return builder.Build();
        },
        nameof(fields));

    /// <summary>A JSON value; integers stay integers of any size, other numbers become floating-point.</summary>
    /// <exception cref="ArgumentException">The element nests too deep, is too large, or holds a text that is not valid Unicode.</exception>
    public static TemplateValue FromJson(JsonElement element) => Checked(() => JsonReading.Read(element, 0), nameof(element));

    /// <summary>A text.</summary>
    public static implicit operator TemplateValue(string value) => From(value);

    /// <summary>A truth value.</summary>
    public static implicit operator TemplateValue(bool value) => From(value);

    /// <summary>An integer.</summary>
    public static implicit operator TemplateValue(long value) => From(new BigInteger(value));

    /// <summary>A floating-point number.</summary>
    public static implicit operator TemplateValue(double value) => From(value);

    /// <summary>The value as a template would print it: Python's <c>str</c>.</summary>
    public sealed override string ToString()
    {
        StringBuilder text = new();
        WriteText(new ReprWriter(text, int.MaxValue));
        return text.ToString();
    }

    /// <summary>Writes Python's <c>str(value)</c>.</summary>
    internal virtual void WriteText(ReprWriter writer) => WriteRepr(writer);

    /// <summary>Writes Python's <c>repr(value)</c>.</summary>
    internal abstract void WriteRepr(ReprWriter writer);

    /// <summary>Python's <c>==</c>.</summary>
    internal virtual bool IsEqual(TemplateValue other) => ReferenceEquals(this, other);

    /// <summary>Python's <c>hash(value)</c>: equal values have equal hashes.</summary>
    internal virtual int HashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>The elements of <c>for x in value</c>.</summary>
    internal virtual IReadOnlyList<TemplateValue> Items(RenderContext context) => throw TemplateFault.Type($"'{TypeName}' object is not iterable");

    /// <summary>Python's <c>value[key]</c>, or null where that is a LookupError or TypeError.</summary>
    internal virtual TemplateValue? Item(TemplateValue key, RenderContext context) => null;

    /// <summary>Python's <c>getattr(value, name)</c>, or null where that is an AttributeError.</summary>
    internal virtual TemplateValue? Attribute(string name) => null;

    /// <summary>Python's <c>len(value)</c>, or null where the type has none.</summary>
    internal virtual int? Count() => null;

    /// <summary>Python's <c>value(…)</c>.</summary>
    internal virtual TemplateValue Call(RenderContext context, Arguments arguments) => throw TemplateFault.Type($"'{TypeName}' object is not callable");

    private static TemplateValue Checked(Func<TemplateValue> make, string parameter)
    {
        try
        {
            return make();
        }
        catch (TemplateFault fault)
        {
            throw new ArgumentException(fault.Message, parameter, fault);
        }
    }
}
