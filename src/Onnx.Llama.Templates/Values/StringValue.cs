using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;

namespace Onnx.Llama.Templates.Values;

/// <summary>Python's str: a sequence of code points, kept as UTF-16.</summary>
/// <param name="text">The text.</param>
/// <param name="isMarkup">Whether it is markup, as <c>safe</c> gives: a str that escapes for HTML whatever is joined to it.</param>
internal sealed class StringValue(string text, bool isMarkup = false) : TemplateValue
{
    public static readonly StringValue Empty = new("");

    private const int Unknown = -1;
    private static readonly StringValue[] s_ascii = [.. Enumerable.Range(0, 128).Select(c => new StringValue(((char)c).ToString()))];

    /// <summary>The number of code points, once somebody asked.</summary>
    private int _length = Unknown;

    public string Text { get; } = text;

    public bool IsMarkup { get; } = isMarkup;

    /// <summary>The length in code points.</summary>
    public int Length => _length != Unknown ? _length : _length = CodePoints.Count(Text);

    /// <summary>Whether a code point is one UTF-16 unit throughout, so that indices need no conversion.</summary>
    public bool IsBasic => Length == Text.Length;

    internal override string TypeName => IsMarkup ? "Markup" : "str";

    internal override bool IsTrue => Text.Length > 0;

    internal override long Weight => 1 + (Text.Length >> 6);

    public static StringValue Of(char c) => c < 128 ? s_ascii[c] : new(c.ToString());

    internal override void WriteText(ReprWriter writer) => writer.Append(Text);

    internal override void WriteRepr(ReprWriter writer) => writer.Append(IsMarkup ? $"Markup({PythonText.Quote(Text)})" : PythonText.Quote(Text));

    internal override bool IsEqual(TemplateValue other) => ReferenceEquals(this, other) || (other is StringValue text && text.Text == Text);

    internal override int HashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal override int? Count() => Length;

    internal override IReadOnlyList<TemplateValue> Items(RenderContext context)
    {
        context.Charge(Text.Length);
        TemplateValue[] items = new TemplateValue[Length];
        for (int i = 0, at = 0; i < items.Length; i++)
        {
            int units = CodePoints.UnitsAt(Text, at);
            items[i] = units == 1 ? Of(Text[at]) : new StringValue(Text.Substring(at, units));
            at += units;
        }

        return items;
    }

    /// <summary>The same text, as markup where <paramref name="model"/> is.</summary>
    public StringValue Like(StringValue model) => model.IsMarkup == IsMarkup ? this : new(Text, model.IsMarkup);

    /// <summary>The text as part of markup: escaped for HTML unless it is markup itself.</summary>
    public StringValue ToMarkup() => IsMarkup ? this : new(Html.Escape(Text), isMarkup: true);

    internal override TemplateValue? Item(TemplateValue key, RenderContext context)
    {
        if (key is SliceValue slice) return slice.Of(this, context).Like(this);
        return CharacterAt(key, context)?.Like(this);
    }

    private StringValue? CharacterAt(TemplateValue key, RenderContext context)
    {
        if (!Number.TryIndex(key, out long index)) return null;
        if (index < 0) index += Length;
        if (index < 0 || index >= Length) return null;
        if (IsBasic) return Of(Text[(int)index]);
        context.Charge(Weight);
        int at = CodePoints.Offset(Text, (int)index);
        return new StringValue(Text.Substring(at, CodePoints.UnitsAt(Text, at)));
    }

    internal override TemplateValue? Attribute(string name) => StringMethods.Find(this, name);
}
