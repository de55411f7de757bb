using System.Text.Json;
using Onnx.Llama.Templates;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Text.Tests.Templates;

public sealed class ChatTemplateTests
{
    private const string ChatMl = """
        {%- for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    private const string Trimming = "{% for message in messages %}[{{ message.role }}] {{ message['content'] | trim }}</s>{% endfor %}";

    private const string Parts = "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}{{ p.text or '<img>' }}{% endfor %}{% endif %}</s>{% endfor %}";

    private static readonly TemplateMessage[] s_chat = [new("user", "Hi"), new("assistant", "Hello 😀 ")];

    [Fact]
    public void Render_RolesAndContents_GivesTheText()
    {
        ChatTemplate template = ChatTemplate.Parse(ChatMl, "chatml");
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello 😀 <|im_end|>\n", template.Render(new() { Messages = s_chat }));
        Assert.Equal(
            "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
            template.Render(new() { Messages = [s_chat[0]], AddGenerationPrompt = true }));
    }

    [Fact]
    public void Render_EveryInput_ReachesTheTemplate()
    {
        ChatTemplate template = ChatTemplate.Parse(
            "{{ bos_token }}|{{ eos_token }}|{{ unk_token is defined }}|{{ pad_token }}|{{ additional_special_tokens }}|{{ tools|tojson }}|{{ documents[0].title }}|{{ enable_thinking }}|{{ add_generation_prompt }}|{{ strftime_now('%d %b %Y') }}",
            "all");
        using JsonDocument tools = JsonDocument.Parse("""[{"type": "function", "function": {"name": "f", "n": 12345678901234567890, "x": 1.0}}]""");
        string text = template.Render(new()
        {
            Messages = [],
            BosToken = "<s>",
            EosToken = "</s>",
            SpecialTokens = new() { Bos = "<s>", Eos = "</s>", Pad = "<pad>", Additional = ["<a>"] },
            Tools = TemplateValue.FromJson(tools.RootElement),
            Documents = TemplateValue.List([TemplateValue.Mapping([new("title", "T")])]),
            Arguments = new Dictionary<string, TemplateValue> { ["enable_thinking"] = false },
            AddGenerationPrompt = true,
            TimeProvider = TemplateClock.AtNoon,
        });
        Assert.Equal(
            """<s>|</s>|False|<pad>|['<a>']|[{"type": "function", "function": {"name": "f", "n": 12345678901234567890, "x": 1.0}}]|T|False|True|10 Jul 2025""",
            text);
    }

    [Fact]
    public void Render_NoToolsOrDocuments_AreNoneAsInTransformers() =>
        Assert.Equal("True None None False", ChatTemplate.Parse("{{ tools is defined }} {{ tools }} {{ documents }} {{ add_generation_prompt }}", "none").Render(new() { Messages = [] }));

    [Fact]
    public void Render_BosToken_AsPropertyOrRecord_IsTheSame()
    {
        ChatTemplate template = ChatTemplate.Parse("{{ bos_token }}{{ eos_token }}", "tokens");
        ChatTemplateInput input = new() { Messages = [], BosToken = "<s>", EosToken = "</s>" };
        Assert.Equal("<s></s>", template.Render(input));
        Assert.Equal("<s>", (input with { EosToken = null }).SpecialTokens.Bos);
        Assert.Equal("<s>", template.Render(input with { EosToken = null }));
    }

    [Fact]
    public void Render_FromManyThreads_GivesTheSame()
    {
        ChatTemplate template = ChatTemplate.Parse(ChatMl, "chatml");
        string expected = template.Render(new() { Messages = s_chat });
        Parallel.For(0, 200, _ => Assert.Equal(expected, template.Render(new() { Messages = s_chat })));
    }

    [Fact]
    public void Render_TalesTemplate_GivesTheHeaders()
    {
        string path = Path.Combine(SharedFolder.Repository, "models", "tales", "chat_template.jinja");
        ChatTemplate template = ChatTemplate.Parse(File.ReadAllText(path), path);
        Assert.Equal(
            "<b><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            template.Render(new() { Messages = [new("user", " Hi ")], BosToken = "<b>", AddGenerationPrompt = true }));
    }

    [Theory]
    [InlineData(ChatMl, "Once upon ", "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nOnce upon ")]
    [InlineData(Trimming, "Once upon", "[user] Hi</s>[assistant] Once upon")]
    [InlineData(Trimming, "Once upon \n", "[user] Hi</s>[assistant] Once upon")]
    [InlineData("{% for m in messages %}{{ m.content }} {{ m.content }};{% endfor %}", "ab", "Hi Hi;ab ab")]
    public void Render_ContinueFinalMessage_EndsWithItsContent(string source, string content, string expected)
    {
        ChatTemplateInput input = new() { Messages = [s_chat[0], new("assistant", content)], ContinueFinalMessage = true };
        Assert.StartsWith(expected, ChatTemplate.Parse(source, "continue").Render(input), StringComparison.Ordinal);
        Assert.EndsWith(content.TrimEnd(), ChatTemplate.Parse(source, "continue").Render(input).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ContinueFinalMessageOfParts_EndsWithTheLastText()
    {
        TemplateValue content = TemplateValue.List([Part("text", "a"), Part("text", "b"), TemplateValue.Mapping([new("type", "image")])]);
        Assert.Equal("Hi</s>ab", ChatTemplate.Parse(Parts, "parts").Render(new() { Messages = [s_chat[0], new("assistant", content)], ContinueFinalMessage = true }));
    }

    [Fact]
    public void Render_ContinueFinalMessage_LeavesTheInputAsItWas()
    {
        ChatTemplateInput input = new() { Messages = s_chat, ContinueFinalMessage = true };
        ChatTemplate template = ChatTemplate.Parse(ChatMl, "chatml");
        Assert.Equal(template.Render(input), template.Render(input));
        Assert.Equal("{'role': 'assistant', 'content': 'Hello 😀 '}", s_chat[1].Value.ToString());
    }

    [Fact]
    public void Render_ContinueFinalMessageThatCannotBe_SaysWhy()
    {
        AssertError("exclude each other", ChatMl, new() { Messages = s_chat, ContinueFinalMessage = true, AddGenerationPrompt = true });
        AssertError("there are no messages", ChatMl, new() { Messages = [], ContinueFinalMessage = true });
        AssertError("has no 'content'", ChatMl, new() { Messages = [new([new("role", "assistant")])], ContinueFinalMessage = true });
        AssertError("has no 'content'", ChatMl, new() { Messages = [new("assistant", TemplateValue.None)], ContinueFinalMessage = true });
        AssertError("does not read 'content'", "{{ messages[0].text }}", new() { Messages = s_chat, ContinueFinalMessage = true });
        AssertError("no part with a text", Parts, new() { Messages = [new("assistant", TemplateValue.List([]))], ContinueFinalMessage = true });
        AssertError("is of type int", ChatMl, new() { Messages = [new("assistant", 5L)], ContinueFinalMessage = true });
        AssertError("does not print it as it is: 'Hello 😀'", "{{ messages[0].content }}", new() { Messages = s_chat, ContinueFinalMessage = true });
        AssertError("does not print it as it is", "{{ messages[1].content|upper }}", new() { Messages = s_chat, ContinueFinalMessage = true });
    }

    [Fact]
    public void RenderWithGenerationSpans_MarkedParts_GivesTheirRanges()
    {
        const string Source = "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{% generation %}{{ m.content }}</s>{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}";
        ChatTemplate template = ChatTemplate.Parse(Source, "marked");
        RenderedChat chat = template.RenderWithGenerationSpans(new() { Messages = [.. s_chat, new("user", "ü"), new("assistant", "bye")] });
        Assert.True(template.MarksGeneration);
        Assert.Equal("<user>Hi<assistant>Hello 😀 </s><user>ü<assistant>bye</s>", chat.Text);
        Assert.Equal(["Hello 😀 </s>", "bye</s>"], chat.GenerationSpans.Select(span => chat.Text[span.Start..span.End]));
        Assert.Equal(new GenerationSpan(19, 32), chat.GenerationSpans[0]);
    }

    [Fact]
    public void RenderWithGenerationSpans_MarkedInAMacro_GivesTheRange()
    {
        const string Source = "a{% macro say(x) %}b{% generation %}{{ x }}{% endgeneration %}c{% endmacro %}{{ say('xyz') }}d";
        RenderedChat chat = ChatTemplate.Parse(Source, "macro").RenderWithGenerationSpans(new() { Messages = [] });
        Assert.Equal("abxyzcd", chat.Text);
        Assert.Equal([new GenerationSpan(2, 5)], chat.GenerationSpans);
    }

    [Fact]
    public void RenderWithGenerationSpans_MarkedTextIsMoved_Refuses()
    {
        const string Source = "{% set x %}{% generation %}abc{% endgeneration %}{% endset %}--{{ x }}";
        TemplateException exception = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(Source, "moved").RenderWithGenerationSpans(new() { Messages = [] }));
        Assert.Contains("its range cannot be told", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RenderWithGenerationSpans_NothingMarked_GivesNone()
    {
        ChatTemplate template = ChatTemplate.Parse(ChatMl, "chatml");
        Assert.False(template.MarksGeneration);
        Assert.Empty(template.RenderWithGenerationSpans(new() { Messages = s_chat }).GenerationSpans);
    }

    private static TemplateValue Part(string type, string text) => TemplateValue.Mapping([new("type", type), new("text", text)]);

    private static void AssertError(string reason, string source, ChatTemplateInput input)
    {
        TemplateException exception = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source, "continue").Render(input));
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
    }
}
