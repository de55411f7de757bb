using System.Numerics;
using System.Text.Json;
using Onnx.Llama.Templates;

namespace Onnx.Llama.Text.Tests.Templates;

public sealed class TemplateValueTests
{
    [Theory]
    [InlineData("null", "None")]
    [InlineData("true", "True")]
    [InlineData("3", "3")]
    [InlineData("-0", "0")]
    [InlineData("3.0", "3.0")]
    [InlineData("1e2", "100.0")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("""{"b": [1, "x"], "a": null, "b": 2}""", "{'b': 2, 'a': None}")]
    public void FromJson_Value_PrintsAsPython(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(expected, TemplateValue.FromJson(document.RootElement).ToString());
    }

    [Fact]
    public void FromJson_TooDeepOrNotUnicode_Throws()
    {
        using JsonDocument deep = JsonDocument.Parse(new string('[', 500) + new string(']', 500), new() { MaxDepth = 1000 });
        Assert.Throws<ArgumentException>(() => TemplateValue.FromJson(deep.RootElement));
        using JsonDocument lone = JsonDocument.Parse("\"\\ud800\"");
        Assert.Throws<ArgumentException>(() => TemplateValue.FromJson(lone.RootElement));
        using JsonDocument loneKey = JsonDocument.Parse("{\"\\ud800\": 1}");
        Assert.Throws<ArgumentException>(() => TemplateValue.FromJson(loneKey.RootElement));
        using JsonDocument large = JsonDocument.Parse(new string('9', 5000));
        Assert.Throws<ArgumentException>(() => TemplateValue.FromJson(large.RootElement));
    }

    [Fact]
    public void Conversions_DotNetValues_KeepTheirKind()
    {
        TemplateValue[] values = ["a", true, 5L, 2.0, TemplateValue.From(BigInteger.Pow(2, 70)), TemplateValue.None];
        Assert.Equal("['a', True, 5, 2.0, 1180591620717411303424, None]", TemplateValue.List(values).ToString());
    }

    [Fact]
    public void With_Field_ReplacesOrAdds()
    {
        TemplateMessage message = new("user", "Hi");
        Assert.Equal("{'role': 'user', 'content': 'Ho', 'name': 'x'}", message.With("content", "Ho").With("name", "x").Value.ToString());
        Assert.Equal("{'role': 'user', 'content': 'Hi'}", message.Value.ToString());
    }

    [Fact]
    public void FromJson_MessageThatIsNoObject_Throws()
    {
        using JsonDocument document = JsonDocument.Parse("[1]");
        Assert.Throws<ArgumentException>(() => TemplateMessage.FromJson(document.RootElement));
    }
}
