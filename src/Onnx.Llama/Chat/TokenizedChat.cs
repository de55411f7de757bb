using System.Collections.Immutable;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Chat;

/// <summary>
/// A conversation as the model sees it, and which of its tokens the assistant wrote: transformers' <c>apply_chat_template</c> with
/// <c>return_assistant_tokens_mask</c>, as training on the assistant's words alone needs it.
/// </summary>
/// <param name="Text">The whole text.</param>
/// <param name="Ids">Its tokens. No special tokens are added to those that the template writes.</param>
/// <param name="AssistantMask">
/// For each token, whether it is the assistant's. All are false where the template has no <c>{% generation %}</c>, which
/// <see cref="ChatTemplate.MarksGeneration"/> tells apart from an assistant that said nothing.
/// </param>
/// <remarks>
/// A marked range begins at the first token that holds its first character and ends at the first one that holds its last. So a token that reaches into the
/// range from outside counts, and of a last character that is several tokens only the first does: both as in transformers. Where the last character is in no
/// token, or the range ends with the text's first token, transformers marks all that follows; here the range ends with its last token.
/// </remarks>
public sealed record TokenizedChat(string Text, ImmutableArray<int> Ids, ImmutableArray<bool> AssistantMask)
{
    /// <summary>Renders a conversation by the template that fits it, and turns it into tokens.</summary>
    /// <exception cref="TemplateException">As <see cref="ChatTemplateSet.RenderWithGenerationSpans"/>.</exception>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public static TokenizedChat Create(ChatTemplateSet templates, Tokenizer tokenizer, ChatTemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(templates);
        ArgumentNullException.ThrowIfNull(tokenizer);
        RenderedChat chat = templates.RenderWithGenerationSpans(input);
        TokenSpan[] tokens = tokenizer.EncodeWithOffsets(chat.Text, addSpecialTokens: false);
        return new(chat.Text, [.. tokens.Select(token => token.Id)], [.. Mask(tokens, chat.GenerationSpans)]);
    }

    private static bool[] Mask(ReadOnlySpan<TokenSpan> tokens, IReadOnlyList<GenerationSpan> spans)
    {
        bool[] mask = new bool[tokens.Length];
        int first = 0;
        foreach (GenerationSpan span in spans.Where(span => span.End > span.Start).OrderBy(span => span.Start))
        {
            while (first < tokens.Length && tokens[first].End <= span.Start) first++;
            for (int token = first; token < tokens.Length && tokens[token].Start < span.End; token++)
            {
                mask[token] = true;
                if (tokens[token].End >= span.End) break;
            }
        }

        return mask;
    }
}
