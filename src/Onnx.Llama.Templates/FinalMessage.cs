using Onnx.Llama.Templates.Text;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates;

/// <summary>
/// Continuing the final message, as transformers 5 does: a mark is put behind its content before rendering, and the text is cut at the mark.
/// The mark ends in a space, so that a template which trims the content shows it; then the text before the mark is trimmed too.
/// </summary>
internal sealed record FinalMessage(string TemplateName, IReadOnlyList<TemplateMessage> Messages, string Text)
{
    private const string EndMark = "CONTINUE_FINAL_MESSAGE_TAG ";

    /// <exception cref="TemplateException">There is nothing to continue.</exception>
    public static FinalMessage Mark(ChatTemplate template, ChatTemplateInput input)
    {
        if (input.AddGenerationPrompt)
        {
            throw Error(template.Name, "continuing the final message and adding a generation prompt exclude each other");
        }

        if (input.Messages.Count == 0) throw Error(template.Name, "the final message is to be continued, but there are no messages");
        TemplateMessage last = input.Messages[^1];
        if (last.Find("content") is not { } content || content is NoneValue)
        {
            throw Error(template.Name, "the final message is to be continued, but has no 'content'");
        }

        if (!template.Source.Contains("content", StringComparison.Ordinal))
        {
            throw Error(template.Name, "the final message is to be continued, but the template does not read 'content'");
        }

        (TemplateValue marked, string text) = MarkContent(template.Name, content);
        return new(template.Name, [.. input.Messages.SkipLast(1), last.With("content", marked)], text);
    }

    /// <exception cref="TemplateException">The template did not print the final message.</exception>
    public string Cut(string rendered)
    {
        int place = rendered.LastIndexOf(EndMark.TrimEnd(' '), StringComparison.Ordinal);
        if (place < 0 || !rendered.Contains(PythonText.Strip(Text), StringComparison.Ordinal))
        {
            string content = PythonText.Quote(PythonText.Strip(Text));
            throw Error(TemplateName, $"the final message is to be continued, but the template does not print it as it is: {content}");
        }

        // A template that prints the content twice has printed the mark twice.
        string head = rendered[..place].Replace(EndMark, "", StringComparison.Ordinal);
        return string.CompareOrdinal(rendered, place, EndMark, 0, EndMark.Length) == 0 ? head : PythonText.StripEnd(head);
    }

    private static (TemplateValue Content, string Text) MarkContent(string template, TemplateValue content)
    {
        switch (content)
        {
            case StringValue text:
                return (text.Text + EndMark, text.Text);
            case ListValue parts:
                int last = Array.FindLastIndex(parts.Values, part => part is DictValue fields && fields.Find("text") is StringValue);
                if (last < 0) throw Error(template, "the final message is to be continued, but its content has no part with a text");
                DictValue part = (DictValue)parts.Values[last];
                string partText = ((StringValue)part.Find("text")!).Text;
                return (new ListValue([.. parts.Values[..last], part.With("text", partText + EndMark), .. parts.Values[(last + 1)..]]), partText);
            default:
                string expected = $"its content is of type {content.TypeName}; expected a text or a list of parts";
                throw Error(template, $"the final message is to be continued, but {expected}");
        }
    }

    private static TemplateException Error(string template, string reason) => new(template, 0, 0, reason);
}
