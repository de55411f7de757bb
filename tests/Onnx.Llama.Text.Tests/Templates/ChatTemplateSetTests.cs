using Onnx.Llama.Templates;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Text.Tests.Templates;

public sealed class ChatTemplateSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoTemplate_GivesNull()
    {
        Assert.Null(ChatTemplateSet.Load(_folder.Path));
        Write("tokenizer_config.json", """{"bos_token": "<s>", "chat_template": null}""");
        Assert.Null(ChatTemplateSet.Load(_folder.Path));
    }

    [Theory]
    [InlineData("{\"\\ud800xxxxxxxxxxxxx\": 1, \"chat_template\": \"x\"}")]
    [InlineData("{\"chat_template\": \"\\ud800\"}")]
    [InlineData("{\"chat_template\": [{\"\\udc00\": 1}]}")]
    public void Load_TokenizerConfigThatIsNotUnicode_IsRefused(string config)
    {
        Write("tokenizer_config.json", config);
        TemplateException error = Assert.Throws<TemplateException>(() => ChatTemplateSet.Load(_folder.Path));
        Assert.Contains("is not valid Unicode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TextInTokenizerConfig_IsTheDefault()
    {
        Write("tokenizer_config.json", """{"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}""");
        ChatTemplateSet templates = ChatTemplateSet.Load(_folder.Path)!;
        Assert.Equal(["default"], templates.Names);
        Assert.Equal("<s>Hi</s>", templates.Render(new() { Messages = [new("user", "Hi")] }));
        Assert.Equal("[Hi</s>", templates.Render(new() { Messages = [new("user", "Hi")], SpecialTokens = templates.SpecialTokens with { Bos = "[" } }));
    }

    [Fact]
    public void Load_ListInTokenizerConfig_ChoosesToolUseWithTools()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "D"}, {"name": "tool_use", "template": "T"}, {"name": "rag", "template": "R"}]}""");
        ChatTemplateSet templates = ChatTemplateSet.Load(_folder.Path)!;
        Assert.Equal(["default", "rag", "tool_use"], templates.Names);
        Assert.Equal("D", templates.Render(new() { Messages = [] }));
        Assert.Equal("T", templates.Render(new() { Messages = [], Tools = TemplateValue.List([]) }));
        Assert.Equal("R", templates.Select(hasTools: true, "rag").Source);
    }

    [Fact]
    public void Load_File_WinsOverTokenizerConfig()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "D"}, {"name": "tool_use", "template": "T"}]}""");
        Write("chat_template.jinja", "\uFEFFF\n");
        ChatTemplateSet templates = ChatTemplateSet.Load(_folder.Path)!;
        Assert.Equal(["default"], templates.Names);
        Assert.Equal("F", templates.Render(new() { Messages = [], Tools = TemplateValue.List([]) }));
    }

    [Fact]
    public void Load_AdditionalFiles_AreNamedByTheirFiles()
    {
        Write("chat_template.jinja", "F");
        Write("additional_chat_templates/tool_use.jinja", "X");
        Write("additional_chat_templates/README.md", "{{");
        ChatTemplateSet templates = ChatTemplateSet.Load(_folder.Path)!;
        Assert.Equal(["default", "tool_use"], templates.Names);
        Assert.Equal("X", templates.Select(hasTools: true).Source);
        Assert.Equal("F", templates.Select(hasTools: false).Source);
    }

    [Fact]
    public void Select_NoDefaultOrUnknownName_ListsTheNames()
    {
        Write("additional_chat_templates/a.jinja", "X");
        ChatTemplateSet templates = ChatTemplateSet.Load(_folder.Path)!;
        Assert.Contains("no chat template 'default'; there are 'a'", Assert.Throws<TemplateException>(() => templates.Select(hasTools: false)).Reason, StringComparison.Ordinal);
        Assert.Contains("no chat template 'b'", Assert.Throws<TemplateException>(() => templates.Select(hasTools: false, "b")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SpecialTokensMap_FillsWhatTheConfigLeavesOut()
    {
        Write("tokenizer_config.json", """{"chat_template": "x", "bos_token": "<s>", "pad_token": null, "additional_special_tokens": [{"content": "<a>"}, "<b>"]}""");
        Write("special_tokens_map.json", """{"bos_token": "<other>", "pad_token": "<pad>", "unk_token": {"content": "<unk>"}, "mask_token": "<m>"}""");
        SpecialTokens tokens = ChatTemplateSet.Load(_folder.Path)!.SpecialTokens;
        Assert.Equal(("<s>", null, "<pad>", "<unk>", "<m>"), (tokens.Bos, tokens.Eos, tokens.Pad, tokens.Unk, tokens.Mask));
        Assert.Equal(["<a>", "<b>"], tokens.Additional);
    }

    [Theory]
    [InlineData("""{"chat_template": 5}""", "'chat_template' is Number; expected a text, or a list")]
    [InlineData("""{"chat_template": ["x"]}""", "an entry of 'chat_template' is String")]
    [InlineData("""{"chat_template": [{"name": "a"}]}""", "expected an object with 'name' and 'template'")]
    [InlineData("""{"chat_template": [{"name": 5, "template": "x"}]}""", "'name' is Number; expected a text")]
    [InlineData("""{"chat_template": "\ud800"}""", "not valid Unicode")]
    [InlineData("""{"chat_template": "x", "bos_token": 5}""", "'bos_token' is Number; expected a text")]
    [InlineData("""{"chat_template": "x", "additional_special_tokens": "y"}""", "'additional_special_tokens' is String; expected a list of tokens")]
    [InlineData("[]", "the file holds Array; expected an object")]
    [InlineData("{", "the file is not JSON")]
    public void Load_BrokenConfig_NamesTheFile(string json, string reason)
    {
        Write("tokenizer_config.json", json);
        TemplateException exception = Assert.Throws<TemplateException>(() => ChatTemplateSet.Load(_folder.Path));
        Assert.Contains("tokenizer_config.json", exception.TemplateName, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TemplateThatIsNone_NamesFileLineAndColumn()
    {
        Write("chat_template.jinja", "a\n{{ ) }}");
        TemplateException exception = Assert.Throws<TemplateException>(() => ChatTemplateSet.Load(_folder.Path));
        Assert.Equal((Path.Combine(_folder.Path, "chat_template.jinja"), 2, 4), (exception.TemplateName, exception.Line, exception.Column));
    }

    [Fact]
    public void Load_FileThatIsNotUtf8_Throws()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "chat_template.jinja"), [0x61, 0xFF, 0xFE]);
        Assert.Contains("not UTF-8", Assert.Throws<TemplateException>(() => ChatTemplateSet.Load(_folder.Path)).Reason, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
