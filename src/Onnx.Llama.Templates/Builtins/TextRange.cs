using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>The optional start and end of Python's searching methods, which count from the end where negative.</summary>
internal static class TextRange
{
    public static (int Start, int End) Clamp(TemplateValue? start, TemplateValue? end, int length)
    {
        return (Bound(start, 0), Bound(end, length));

        int Bound(TemplateValue? value, int missing)
        {
            if (value is null or NoneValue) return missing;
            long index = TextArguments.Index("slice", value);
            return (int)Math.Clamp(index < 0 ? index + length : index, 0, (long)length + (missing == 0 ? 1 : 0));
        }
    }
}
