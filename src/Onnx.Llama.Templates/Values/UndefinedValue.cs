using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>Jinja2's Undefined: prints nothing, is false and empty, and is an error in any other use.</summary>
internal sealed class UndefinedValue : TemplateValue
{
    private readonly string? _hint;
    private readonly TemplateValue? _owner;
    private readonly TemplateValue? _key;
    private readonly bool _isUnsafe;

    private UndefinedValue(string? hint, TemplateValue? owner, TemplateValue? key, bool isUnsafe)
    {
        _hint = hint;
        _owner = owner;
        _key = key;
        _isUnsafe = isUnsafe;
    }

    internal override string TypeName => "Undefined";

    internal override bool IsTrue => false;

    /// <summary>A name that nobody has set.</summary>
    public static UndefinedValue Name(string name) => new(null, null, new StringValue(name), false);

    /// <summary>A value that is missing for a reason.</summary>
    public static UndefinedValue Because(string hint) => new(hint, null, null, false);

    /// <summary>An attribute or element that the owner does not have.</summary>
    public static UndefinedValue Member(TemplateValue owner, TemplateValue key) => new(null, owner, key, false);

    /// <summary>An attribute that the sandbox does not give out.</summary>
    public static UndefinedValue Unsafe(TemplateValue owner, string name) =>
        new($"access to attribute {PythonText.Quote(name)} of {PythonText.Quote(owner.TypeName)} object is unsafe.", null, null, true);

    /// <summary>The error of using it.</summary>
    public TemplateFault Fault() => _isUnsafe ? TemplateFault.Security(_hint!) : TemplateFault.Undefined(Message());

    internal override void WriteText(ReprWriter writer)
    {
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append("Undefined");

    internal override bool IsEqual(TemplateValue other) => other is UndefinedValue;

    internal override int HashCode() => 1;

    internal override int? Count() => 0;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context) => [];

    internal override TemplateValue Item(TemplateValue key, RenderContext context) => throw Fault();

    internal override TemplateValue Attribute(string name) => throw Fault();

    internal override TemplateValue Call(RenderContext context, Arguments arguments) => throw Fault();

    private string Message()
    {
        if (_hint is not null) return _hint;
        if (_owner is null) return $"{PythonText.Quote(((StringValue)_key!).Text)} is undefined";
        string owner = _owner is NoneValue ? "None" : $"{_owner.TypeName} object";
        ReprWriter key = new(new(), 200);
        key.Repr(_key!);
        return _key is StringValue ? $"'{owner}' has no attribute {key.Text}" : $"{owner} has no element {key.Text}";
    }
}
