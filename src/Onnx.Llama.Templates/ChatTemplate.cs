using Onnx.Llama.Templates.Parsing;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates;

/// <summary>
/// A chat template: Jinja2 3.1 as transformers sets it up (trim_blocks, lstrip_blocks, loop controls, the generation tag, the immutable sandbox).
/// Parsed once, rendered any number of times, from any thread.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Block _body;

    private ChatTemplate(string name, string source, Block body, bool marksGeneration)
    {
        Name = name;
        Source = source;
        MarksGeneration = marksGeneration;
        _body = body;
    }

    /// <summary>The template's name in error messages, usually its file.</summary>
    public string Name { get; }

    /// <summary>The template's text as it was given.</summary>
    public string Source { get; }

    /// <summary>Whether the template marks what the assistant wrote by <c>{% generation %}</c>.</summary>
    public bool MarksGeneration { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">The text is not a template; the message has line and column.</exception>
    public static ChatTemplate Parse(string source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        Parser parser = new(new Lexer(source, name).Read(), name);
        Block body = parser.ParseTemplate();
        return new(name, source, body, parser.MarksGeneration);
    }

    /// <summary>The conversation as one text.</summary>
    /// <exception cref="TemplateException">The template refuses the conversation, has an error, or uses more than the limits allow.</exception>
    public string Render(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.ContinueFinalMessage) return Run(TemplateVariables.Of(input), input.TimeProvider, input.Limits).ToText();
        FinalMessage final = FinalMessage.Mark(this, input);
        return final.Cut(Run(TemplateVariables.Of(input with { Messages = final.Messages }), input.TimeProvider, input.Limits).ToText());
    }

    /// <summary>The conversation as one text, and the ranges of it that the template marks as the assistant's.</summary>
    /// <exception cref="TemplateException">
    /// As <see cref="Render(ChatTemplateInput)"/>; or a marked text is changed before it is printed; or the final message is to be continued.
    /// </exception>
    public RenderedChat RenderWithGenerationSpans(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ContinueFinalMessage)
        {
            throw new TemplateException(Name, 0, 0, "the assistant's ranges cannot be told when the final message is to be continued");
        }

        RenderContext context = Run(TemplateVariables.Of(input), input.TimeProvider, input.Limits);
        return new(context.ToText(), context.GenerationSpans());
    }

    /// <summary>The text for these variables, and none other.</summary>
    internal string Render(IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider timeProvider, TemplateLimits limits) =>
        Run(variables, timeProvider, limits).ToText();

    private RenderContext Run(IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider timeProvider, TemplateLimits limits)
    {
        RenderContext context = new(Name, variables, timeProvider, limits);
        try
        {
            _body.Render(context, new Scope(null));
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(Name, context.Position.Line, context.Position.Column, fault.Message, fault);
        }

        return context;
    }
}
