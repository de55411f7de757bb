using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>JSON as Python's json module reads it.</summary>
internal static class JsonReading
{
    private const int MaxNesting = 100;
    private const int MaxDigits = 4300;

    /// <exception cref="TemplateFault">The element nests too deep, or has a text or number that no value can hold.</exception>
    public static TemplateValue Read(JsonElement element, int depth)
    {
        if (depth > MaxNesting) throw TemplateFault.Limit($"JSON nested deeper than {MaxNesting}");
        return element.ValueKind switch
        {
            JsonValueKind.Null => NoneValue.Instance,
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            JsonValueKind.String => new StringValue(Text(() => element.GetString()!)),
            JsonValueKind.Number => Number(element.GetRawText()),
            JsonValueKind.Array => new ListValue([.. element.EnumerateArray().Select(item => Read(item, depth + 1))]),
            JsonValueKind.Object => Object(element, depth),
            _ => throw TemplateFault.Value($"JSON element of kind {element.ValueKind}; expected a value"),
        };
    }

    private static DictValue Object(JsonElement element, int depth)
    {
        DictBuilder builder = new();
        foreach (JsonProperty field in element.EnumerateObject()) builder.Set(new StringValue(Text(() => field.Name)), Read(field.Value, depth + 1));
        return builder.Build();
    }

    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw TemplateFault.Value($"JSON string is not valid Unicode: {exception.Message}");
        }
    }

    private static TemplateValue Number(string raw)
    {
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return new FloatValue(double.Parse(raw, CultureInfo.InvariantCulture));
        if (raw.Length > MaxDigits) throw TemplateFault.Value($"JSON integer of {raw.Length} digits; at most {MaxDigits} are read");
        return IntegerValue.Of(BigInteger.Parse(raw, CultureInfo.InvariantCulture));
    }
}
