namespace Onnx.Llama.Text.Tests.Templates;

/// <summary>The filter tojson, which is Python's json.dumps: what Jinja2 3.1.6 gives for them, with the values of <see cref="JinjaCase"/>.</summary>
public sealed class ToJsonTests
{
    [Theory]
    [InlineData("{{ d|tojson }}", "{\"b\": 1, \"A\": [1, 2.5, null, true, \"x'y\"], \"c\": {\"k\": \"v\"}}")]
    [InlineData("{{ d|tojson(indent=2) }}", "{\n  \"b\": 1,\n  \"A\": [\n    1,\n    2.5,\n    null,\n    true,\n    \"x'y\"\n  ],\n  \"c\": {\n    \"k\": \"v\"\n  }\n}")]
    [InlineData("{{ d|tojson(indent='ab') }}", "{\nab\"b\": 1,\nab\"A\": [\nabab1,\nabab2.5,\nababnull,\nababtrue,\nabab\"x'y\"\nab],\nab\"c\": {\nabab\"k\": \"v\"\nab}\n}")]
    [InlineData("{{ d|tojson(indent=0) }}", "{\n\"b\": 1,\n\"A\": [\n1,\n2.5,\nnull,\ntrue,\n\"x'y\"\n],\n\"c\": {\n\"k\": \"v\"\n}\n}")]
    [InlineData("{{ d|tojson(separators=(',',':')) }}", "{\"b\":1,\"A\":[1,2.5,null,true,\"x'y\"],\"c\":{\"k\":\"v\"}}")]
    [InlineData("{{ d|tojson(separators=(',',':'), indent=1) }}", "{\n \"b\":1,\n \"A\":[\n  1,\n  2.5,\n  null,\n  true,\n  \"x'y\"\n ],\n \"c\":{\n  \"k\":\"v\"\n }\n}")]
    [InlineData("{{ d|tojson(sort_keys=true) }}", "{\"A\": [1, 2.5, null, true, \"x'y\"], \"b\": 1, \"c\": {\"k\": \"v\"}}")]
    [InlineData("{{ d|tojson(true) }}", "{\"b\": 1, \"A\": [1, 2.5, null, true, \"x'y\"], \"c\": {\"k\": \"v\"}}")]
    [InlineData("{{ u|tojson(ensure_ascii=true) }}", "\"\\u00fcn\\u00ef \\u65e5\\u672c \\ud83d\\ude00\"")]
    [InlineData("{{ u|tojson(true) }}", "\"\\u00fcn\\u00ef \\u65e5\\u672c \\ud83d\\ude00\"")]
    [InlineData("{{ {'b':1,'a':2}|tojson(sort_keys=true) }}", "{\"a\": 2, \"b\": 1}")]
    [InlineData("{{ {1:2, none:3, true:4, 1.5:5}|tojson }}", "{\"1\": 4, \"null\": 3, \"1.5\": 5}")]
    [InlineData("{{ (1,2)|tojson }}", "[1, 2]")]
    [InlineData("{{ []|tojson(indent=2) }}", "[]")]
    [InlineData("{{ {}|tojson(indent=2) }}", "{}")]
    [InlineData("{{ [[],{}]|tojson(indent=2) }}", "[\n  [],\n  {}\n]")]
    [InlineData("{{ 1e400|tojson }}", "Infinity")]
    [InlineData("{{ d|tojson(indent=true) }}", "{\n \"b\": 1,\n \"A\": [\n  1,\n  2.5,\n  null,\n  true,\n  \"x'y\"\n ],\n \"c\": {\n  \"k\": \"v\"\n }\n}")]
    [InlineData("{{ '\\x7f\\u2028</script>&\\'\"'|tojson }}", "\"\u007f\u2028</script>&'\\\"\"")]
    public void Render_Template_EqualsJinja2(string template, string expected) => Assert.Equal(expected, JinjaCase.Render(template));

    [Theory]
    [InlineData("{{ x|tojson }}", "Object of type Undefined is not JSON serializable")]
    [InlineData("{{ [x]|tojson }}", "Object of type Undefined is not JSON serializable")]
    [InlineData("{{ {(1,2):3}|tojson }}", "keys must be str, int, float, bool or None, not tuple")]
    [InlineData("{{ d.keys()|tojson }}", "Object of type dict_keys is not JSON serializable")]
    public void Render_TemplateThatFails_SaysWhatJinja2Says(string template, string expected) => Assert.Contains(expected, JinjaCase.Error(template).Reason, StringComparison.Ordinal);
}
