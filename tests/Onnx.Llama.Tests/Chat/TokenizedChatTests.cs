using Onnx.Llama.Chat;
using Onnx.Llama.Templates;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Tests.Chat;

public sealed class TokenizedChatTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("gemma")]
    [InlineData("qwen")]
    public void Create_MarkedTurns_MasksTheirTokensAlone(string layout)
    {
        const string Source = "{% for m in messages %}{{ m.role }}:\n{% if m.role == 'assistant' %}{% generation %}{{ m.content }}\n{% endgeneration %}{% else %}{{ m.content }}\n{% endif %}{% endfor %}";
        TokenizedChat chat = Create(layout, Source, new("user", "the fox"), new("assistant", "a dog 123"), new("user", "and"), new("assistant", "café"));
        Assert.Equal("user:\nthe fox\nassistant:\na dog 123\nuser:\nand\nassistant:\ncafé\n", chat.Text);
        Tokenizer tokenizer = Of(layout);
        Assert.Equal(tokenizer.Encode(chat.Text, addSpecialTokens: false), chat.Ids);
        TokenSpan[] spans = tokenizer.EncodeWithOffsets(chat.Text, addSpecialTokens: false);
        string marked = string.Concat(spans.Where((_, index) => chat.AssistantMask[index]).Select(span => chat.Text[span.Start..span.End]));
        Assert.Equal("a dog 123\ncafé\n", marked.Replace("éé", "é", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{% generation %} the{% endgeneration %} the", "10")] // transformers marks both
    [InlineData(" the t{% generation %}h{% endgeneration %}e", "01")]
    [InlineData("{% generation %} the th{% endgeneration %}e", "11")]
    [InlineData(" the{% generation %} the{% endgeneration %}", "01")]
    [InlineData(" the{% generation %}{% endgeneration %} the", "00")]
    [InlineData(" the t{% generation %}{% endgeneration %}he", "00")]
    [InlineData(" the the", "00")]
    [InlineData("{% generation %} the{% generation %} the{% endgeneration %}{% endgeneration %}", "11")]
    public void Create_RangesWithinTokens_MaskWhatTheyTouch(string source, string mask)
    {
        TokenizedChat chat = Create("gpt2", source);
        Assert.Equal(["Ġthe", "Ġthe"], chat.Ids.Select(id => Of("gpt2").TokenOf(id)));
        Assert.Equal(mask, Bits(chat));
    }

    [Fact]
    public void Create_LastCharacterOfSeveralTokens_MasksItsFirst()
    {
        TokenizedChat chat = Create("gpt2", "{% generation %} the𐌰{% endgeneration %} the{% generation %}𐌰 the{% endgeneration %}");
        Assert.Equal("11000" + "0" + "1111" + "1", Bits(chat));
    }

    [Fact]
    public void Create_LastCharacterInNoToken_EndsBeforeIt()
    {
        byte[] json = TinyTokenizers.Json("gpt2", root => root["pre_tokenizer"] = TinyTokenizers.Sequence(
            "pretokenizers", TinyTokenizers.SplitStage("String", "#", "Removed"), TinyTokenizers.ByteLevelStage(useRegex: true)));
        ChatTemplateSet templates = Set("#{% generation %}# the#{% endgeneration %} the{% generation %}#{% endgeneration %}");
        Assert.Equal("10", Bits(TokenizedChat.Create(templates, Tokenizer.FromJson(json), new() { Messages = [] })));
    }

    [Fact]
    public void Create_MarkedTextThatIsMoved_Refuses() => Assert.Throws<TemplateException>(() =>
        Create("gpt2", "{% set x %}{% generation %}the{% endgeneration %}{% endset %}-{{ x }}"));

    private static TokenizedChat Create(string layout, string source, params TemplateMessage[] messages) =>
        TokenizedChat.Create(Set(source), Of(layout), new() { Messages = messages });

    private static ChatTemplateSet Set(string source) => ChatTemplateSet.Of(ChatTemplate.Parse(source, "test"));

    private static Tokenizer Of(string layout) => Tokenizer.FromJson(TinyTokenizers.Json(layout));

    private static string Bits(TokenizedChat chat) => string.Concat(chat.AssistantMask.Select(isAssistants => isAssistants ? '1' : '0'));
}
