namespace Onnx.Llama.Templates;

/// <summary>The tokenizer's special tokens as text. One that is null does not exist for the template: it prints nothing and is not <c>defined</c>.</summary>
public sealed record SpecialTokens
{
    /// <summary>No special tokens.</summary>
    public static SpecialTokens None { get; } = new();

    /// <summary><c>bos_token</c>, the beginning of a sequence.</summary>
    public string? Bos { get; init; }

    /// <summary><c>eos_token</c>, the end of a sequence.</summary>
    public string? Eos { get; init; }

    /// <summary><c>unk_token</c>, the unknown token.</summary>
    public string? Unk { get; init; }

    /// <summary><c>sep_token</c>, the separator.</summary>
    public string? Sep { get; init; }

    /// <summary><c>pad_token</c>, the padding.</summary>
    public string? Pad { get; init; }

    /// <summary><c>cls_token</c>, the classification token.</summary>
    public string? Cls { get; init; }

    /// <summary><c>mask_token</c>, the mask of masked language models.</summary>
    public string? Mask { get; init; }

    /// <summary><c>additional_special_tokens</c>; not defined where it is empty.</summary>
    public IReadOnlyList<string> Additional { get; init; } = [];
}
