namespace Onnx.Llama.Templates;

/// <summary>The chat templates of a model: one, or several by name, as transformers selects them.</summary>
public sealed class ChatTemplateSet
{
    private const string Default = "default";
    private const string ToolUse = "tool_use";

    private readonly string _source;
    private readonly Dictionary<string, ChatTemplate> _templates;

    private ChatTemplateSet(string source, Dictionary<string, ChatTemplate> templates, SpecialTokens specialTokens)
    {
        _source = source;
        _templates = templates;
        SpecialTokens = specialTokens;
        Names = [.. templates.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of the templates, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The special tokens that the folder states.</summary>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>
    /// The templates of a model folder: chat_template.jinja and additional_chat_templates/*.jinja; where there are none, the key
    /// <c>chat_template</c> of tokenizer_config.json. Null where the folder has no template.
    /// </summary>
    /// <exception cref="TemplateException">A file is not what it should be, or a template is not one.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ChatTemplateSet? Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ModelFolder model = new(folder);
        Dictionary<string, ChatTemplate> templates = model.ReadTemplates();
        return templates.Count == 0 ? null : new(folder, templates, model.ReadSpecialTokens());
    }

    /// <summary>One template, which is the default.</summary>
    public static ChatTemplateSet Of(ChatTemplate template, SpecialTokens? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new(template.Name, new(StringComparer.Ordinal) { [Default] = template }, specialTokens ?? SpecialTokens.None);
    }

    /// <summary>The template of this name; without a name, <c>tool_use</c> where there are tools and such a template, else <c>default</c>.</summary>
    /// <exception cref="TemplateException">There is no such template.</exception>
    public ChatTemplate Select(bool hasTools, string? name = null)
    {
        name ??= hasTools && _templates.ContainsKey(ToolUse) ? ToolUse : Default;
        if (_templates.TryGetValue(name, out ChatTemplate? template)) return template;
        string known = string.Join(", ", Names.Select(each => $"'{each}'"));
        throw new TemplateException(_source, 0, 0, $"there is no chat template '{name}'; there are {known}");
    }

    /// <summary>The conversation as one text, by the template that fits it. Special tokens that the input leaves out are the folder's.</summary>
    /// <exception cref="TemplateException">As <see cref="ChatTemplate.Render(ChatTemplateInput)"/>.</exception>
    public string Render(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Select(input.Tools is not null).Render(WithSpecialTokens(input));
    }

    /// <summary>As <see cref="Render"/>, with the ranges of the text that the template marks as the assistant's.</summary>
    /// <exception cref="TemplateException">As <see cref="ChatTemplate.RenderWithGenerationSpans"/>.</exception>
    public RenderedChat RenderWithGenerationSpans(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Select(input.Tools is not null).RenderWithGenerationSpans(WithSpecialTokens(input));
    }

    /// <summary>The input with the folder's special tokens, where it has none of its own.</summary>
    public ChatTemplateInput WithSpecialTokens(ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.SpecialTokens == SpecialTokens.None ? input with { SpecialTokens = SpecialTokens } : input;
    }
}
