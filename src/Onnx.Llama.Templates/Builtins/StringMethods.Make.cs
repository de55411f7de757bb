using System.Text;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Methods of str that make longer texts.</summary>
internal static partial class StringMethods
{
    /// <param name="text">The text.</param>
    /// <param name="old">What is replaced; where empty, the places around all characters.</param>
    /// <param name="replacement">By what.</param>
    /// <param name="count">How often at most, from the left; negative for all.</param>
    /// <param name="context">The rendering.</param>
    public static StringValue Replace(string text, string old, string replacement, long count, RenderContext context)
    {
        long places = old.Length == 0 ? CodePoints.Count(text) + 1L : System.MemoryExtensions.Count(text.AsSpan(), old);
        long replaced = count < 0 ? places : Math.Min(count, places);
        context.ChargeText(text.Length + (replaced * (replacement.Length - old.Length)));
        if (replaced == 0) return new(text);
        if (old.Length > 0 && replaced == places) return new(text.Replace(old, replacement, StringComparison.Ordinal));
        StringBuilder result = new();
        int at = 0;
        for (long i = 0; i < replaced; i++)
        {
            int next = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : i == 0 ? 0 : at + CodePoints.UnitsAt(text, at);
            result.Append(text, at, next - at).Append(replacement);
            at = next + old.Length;
        }

        return new(result.Append(text, at, text.Length - at).ToString());
    }

    private static StringValue Replace(StringValue self, Arguments arguments, RenderContext context)
    {
        TemplateValue?[] bound = arguments.Bind("replace", 2, "", "", "");
        long count = bound[2] is null ? -1 : TextArguments.Index("replace", bound[2]!);
        return Replace(self.Text, TextArguments.Text("replace", bound[0]!), TextArguments.Text("replace", bound[1]!), count, context);
    }

    /// <param name="text">The text.</param>
    /// <param name="width">The length to reach, in code points.</param>
    /// <param name="fill">What is added.</param>
    /// <param name="side">Where the text stands: -1 at the left, 0 in the middle, 1 at the right.</param>
    /// <param name="context">The rendering.</param>
    public static StringValue Pad(StringValue text, long width, int fill, int side, RenderContext context)
    {
        long missing = width - text.Length;
        if (missing <= 0) return text;
        context.ChargeText(width);
        // Python puts the odd one of a middle position left where the width is odd too.
        long left = side switch { -1 => 0, 0 => (missing / 2) + (missing & width & 1), _ => missing };
        string filler = char.ConvertFromUtf32(fill);
        return new(CodePoints.Repeat(filler, (int)left) + text.Text + CodePoints.Repeat(filler, (int)(missing - left)));
    }

    private static StringValue Pad(StringValue self, Arguments arguments, string name, int side, RenderContext context)
    {
        TemplateValue?[] bound = arguments.Bind(name, 1, "", "");
        StringValue fill = bound[1] is null ? StringValue.Of(' ') : new(TextArguments.Text(name, bound[1]!));
        if (fill.Length != 1 || char.IsSurrogate(fill.Text[0]) && fill.Text.Length == 1)
        {
            throw TemplateFault.Type("The fill character must be exactly one character long");
        }

        return Pad(self, TextArguments.Index(name, bound[0]!), CodePoints.At(fill.Text, 0, out _), side, context);
    }

    private static StringValue ZeroFill(StringValue self, Arguments arguments, RenderContext context)
    {
        long width = TextArguments.Index("zfill", arguments.Bind("zfill", 1, "")[0]!);
        int sign = self.Text.Length > 0 && self.Text[0] is '+' or '-' ? 1 : 0;
        StringValue digits = Pad(new(self.Text[sign..]), width - sign, '0', 1, context);
        return new StringValue(self.Text[..sign] + digits.Text);
    }

    private static StringValue ExpandTabs(StringValue self, Arguments arguments, RenderContext context)
    {
        TemplateValue? given = arguments.Bind("expandtabs", 0, "tabsize")[0];
        long size = given is null ? 8 : Math.Clamp(TextArguments.Index("expandtabs", given), 0, int.MaxValue);
        context.ChargeText(self.Text.Length + (self.Text.Count(c => c == '\t') * size));
        StringBuilder result = new();
        long column = 0;
        for (int i = 0; i < self.Text.Length; i += CodePoints.UnitsAt(self.Text, i))
        {
            char c = self.Text[i];
            int spaces = c == '\t' && size > 0 ? (int)(size - (column % size)) : 0;
            if (c == '\t') result.Append(' ', spaces);
            else result.Append(self.Text, i, CodePoints.UnitsAt(self.Text, i));
            column = c is '\n' or '\r' ? 0 : column + (c == '\t' ? spaces : 1);
        }

        return new StringValue(result.ToString());
    }
}
