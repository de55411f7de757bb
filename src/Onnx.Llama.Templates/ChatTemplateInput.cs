namespace Onnx.Llama.Templates;

/// <summary>What a chat template is given: the arguments of transformers' <c>apply_chat_template</c>.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The conversation, oldest message first.</summary>
    public required IReadOnlyList<TemplateMessage> Messages { get; init; }

    /// <summary>The tools as a list of JSON schemas, or null (which the template sees as <c>none</c>).</summary>
    public TemplateValue? Tools { get; init; }

    /// <summary>
    /// The documents to answer from, as a list of mappings with <c>title</c> and <c>text</c>, or null (which the template sees as <c>none</c>).
    /// </summary>
    public TemplateValue? Documents { get; init; }

    /// <summary>Whether the text is to end with the header of a reply by the assistant.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>
    /// Whether the text is to end with the final message's content, so that the model continues it. Excludes <see cref="AddGenerationPrompt"/>.
    /// </summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The tokenizer's special tokens.</summary>
    public SpecialTokens SpecialTokens { get; init; } = SpecialTokens.None;

    /// <summary><c>bos_token</c>: a short form of <see cref="SpecialTokens.Bos"/>.</summary>
    public string? BosToken { get => SpecialTokens.Bos; init => SpecialTokens = SpecialTokens with { Bos = value }; }

    /// <summary><c>eos_token</c>: a short form of <see cref="SpecialTokens.Eos"/>.</summary>
    public string? EosToken { get => SpecialTokens.Eos; init => SpecialTokens = SpecialTokens with { Eos = value }; }

    /// <summary>Further arguments of the template, as <c>enable_thinking</c>. They win over special tokens of the same name.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Arguments { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>The clock of <c>strftime_now</c>, read in its local time zone.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What the rendering may use.</summary>
    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;
}
