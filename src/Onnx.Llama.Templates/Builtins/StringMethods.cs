using System.Text;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Methods of str. Left out: encode (there are no bytes), maketrans and translate.</summary>
internal static partial class StringMethods
{
    private static readonly MethodTable<StringValue> s_methods = new(new()
    {
        ["capitalize"] = (self, arguments, context) => Mapped(self, arguments, context, "capitalize", CaseMapping.Capitalize),
        ["casefold"] = (self, arguments, context) => Mapped(self, arguments, context, "casefold", text => CaseMapping.Lower(CaseMapping.Upper(text))),
        ["center"] = (self, arguments, context) => Pad(self, arguments, "center", 0, context),
        ["count"] = Count,
        ["endswith"] = (self, arguments, context) => HasAffix(self, arguments, isPrefix: false),
        ["expandtabs"] = ExpandTabs,
        ["find"] = (self, arguments, context) => IntegerValue.Of(Search(self, arguments, "find", fromEnd: false)),
        ["format"] = (self, arguments, context) => new StringValue(new BraceFormat(arguments, context, self.IsMarkup).Apply(self.Text)),
        ["format_map"] = FormatMap,
        ["index"] = (self, arguments, context) => Index(self, arguments, "index", fromEnd: false),
        ["isalnum"] = (self, arguments, context) => All(self, arguments, context, "isalnum", CharacterClasses.IsAlphanumeric),
        ["isalpha"] = (self, arguments, context) => All(self, arguments, context, "isalpha", CharacterClasses.IsLetter),
        ["isascii"] = (self, arguments, context) => Holds(self, arguments, context, "isascii", text => Ascii.IsValid(text)),
        ["isdecimal"] = (self, arguments, context) => All(self, arguments, context, "isdecimal", CharacterClasses.IsDecimal),
        ["isdigit"] = (self, arguments, context) => All(self, arguments, context, "isdigit", CharacterClasses.IsDigit),
        ["isidentifier"] = (self, arguments, context) => Holds(self, arguments, context, "isidentifier", CharacterClasses.IsIdentifier),
        ["islower"] = (self, arguments, context) => Holds(self, arguments, context, "islower", CharacterClasses.IsLower),
        ["isnumeric"] = (self, arguments, context) => All(self, arguments, context, "isnumeric", CharacterClasses.IsNumeric),
        ["isprintable"] = (self, arguments, context) => Holds(self, arguments, context, "isprintable", CharacterClasses.IsPrintable),
        ["isspace"] = (self, arguments, context) => All(self, arguments, context, "isspace", point => point < 0x10000 && PythonText.IsSpace((char)point)),
        ["istitle"] = (self, arguments, context) => Holds(self, arguments, context, "istitle", CharacterClasses.IsTitle),
        ["isupper"] = (self, arguments, context) => Holds(self, arguments, context, "isupper", CharacterClasses.IsUpper),
        ["join"] = Join,
        ["ljust"] = (self, arguments, context) => Pad(self, arguments, "ljust", -1, context),
        ["lower"] = (self, arguments, context) => Mapped(self, arguments, context, "lower", CaseMapping.Lower),
        ["lstrip"] = (self, arguments, context) => Strip(self, arguments, "lstrip", StripSides.Start, context),
        ["partition"] = (self, arguments, context) => Partition(self, arguments, "partition", fromEnd: false),
        ["removeprefix"] = (self, arguments, context) => RemoveAffix(self, arguments, isPrefix: true),
        ["removesuffix"] = (self, arguments, context) => RemoveAffix(self, arguments, isPrefix: false),
        ["replace"] = Replace,
        ["rfind"] = (self, arguments, context) => IntegerValue.Of(Search(self, arguments, "rfind", fromEnd: true)),
        ["rindex"] = (self, arguments, context) => Index(self, arguments, "rindex", fromEnd: true),
        ["rjust"] = (self, arguments, context) => Pad(self, arguments, "rjust", 1, context),
        ["rpartition"] = (self, arguments, context) => Partition(self, arguments, "rpartition", fromEnd: true),
        ["rsplit"] = (self, arguments, context) => Split(self, arguments, "rsplit", fromEnd: true, context),
        ["rstrip"] = (self, arguments, context) => Strip(self, arguments, "rstrip", StripSides.End, context),
        ["split"] = (self, arguments, context) => Split(self, arguments, "split", fromEnd: false, context),
        ["splitlines"] = SplitLines,
        ["startswith"] = (self, arguments, context) => HasAffix(self, arguments, isPrefix: true),
        ["strip"] = (self, arguments, context) => Strip(self, arguments, "strip", StripSides.Both, context),
        ["swapcase"] = (self, arguments, context) => Mapped(self, arguments, context, "swapcase", SwapCase),
        ["title"] = (self, arguments, context) => Mapped(self, arguments, context, "title", CaseMapping.TitleWords),
        ["upper"] = (self, arguments, context) => Mapped(self, arguments, context, "upper", CaseMapping.Upper),
        ["zfill"] = ZeroFill,
    });

    public static TemplateValue? Find(StringValue self, string name) => s_methods.Find(self, name);

    private static StringValue Mapped(StringValue self, Arguments arguments, RenderContext context, string name, Func<string, string> map)
    {
        arguments.BindNone(name);
        context.Charge(self.Text.Length >> 3);
        return new(map(self.Text));
    }

    private static BooleanValue All(StringValue self, Arguments arguments, RenderContext context, string name, Func<int, bool> holds)
    {
        arguments.BindNone(name);
        context.Charge(self.Text.Length >> 3);
        for (int i = 0; i < self.Text.Length;)
        {
            if (!holds(CodePoints.At(self.Text, i, out int units))) return BooleanValue.False;
            i += units;
        }

        return BooleanValue.Of(self.Text.Length > 0);
    }

    private static BooleanValue Holds(StringValue self, Arguments arguments, RenderContext context, string name, Func<string, bool> holds)
    {
        arguments.BindNone(name);
        context.Charge(self.Text.Length >> 3);
        return BooleanValue.Of(holds(self.Text));
    }

    private static string SwapCase(string text)
    {
        StringBuilder swapped = new(text.Length);
        for (int i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            string letter = text.Substring(i, CodePoints.UnitsAt(text, i));
            if (CharacterClasses.IsUpper(letter)) letter = CaseMapping.Lower(letter);
            else if (CharacterClasses.IsLower(letter)) letter = CaseMapping.Upper(letter);
            swapped.Append(letter);
        }

        return swapped.ToString();
    }

    private static StringValue FormatMap(StringValue self, Arguments arguments, RenderContext context)
    {
        if (arguments.Bind("format_map", 1, "")[0] is not DictValue fields) throw TemplateFault.Type("format_map() takes exactly one mapping");
        List<KeyValuePair<string, TemplateValue>> named = [];
        for (int i = 0; i < fields.Keys.Length; i++)
        {
            if (fields.Keys[i] is StringValue key) named.Add(new(key.Text, fields.Values[i]));
        }

        return new(new BraceFormat(new([], [.. named]), context, self.IsMarkup).Apply(self.Text));
    }

    private static StringValue Join(StringValue self, Arguments arguments, RenderContext context)
    {
        IReadOnlyList<TemplateValue> items = context.Items(arguments.Bind("join", 1, "")[0]!);
        string[] texts = new string[items.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            if (items[i] is not StringValue text) throw TemplateFault.Type($"sequence item {i}: expected str instance, {items[i].TypeName} found");
            texts[i] = self.IsMarkup ? text.ToMarkup().Text : text.Text;
        }

        return SequenceFilters.JoinTexts(self.Text, texts, context);
    }
}
