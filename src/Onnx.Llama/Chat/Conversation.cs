using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Onnx.Llama.Decoding;
using Onnx.Llama.Generation;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Chat;

/// <summary>
/// A chat with a model that remembers its turns. The keys and values of what was said are kept, so an answer costs the new turn alone; their memory
/// doubles as it is needed. One caller at a time. An answer that is cancelled or fails, or whose reading is given up, stays as far as its text came; if
/// there was none yet, its question is taken back.
/// </summary>
public sealed class Conversation : IDisposable
{
    private readonly LanguageModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplateSet _templates;
    private readonly List<ChatTurn> _turns = [];

    /// <summary>The tokens that the slot holds, and any that were generated after them.</summary>
    private readonly List<int> _tokens = [];

    private KvSlot? _slot;
    private int _asking;

    /// <summary>Begins a conversation.</summary>
    /// <param name="model">The model, which must outlive the conversation.</param>
    /// <param name="system">The system message; null for none.</param>
    /// <exception cref="ModelException">The model has no tokenizer or no chat template.</exception>
    public Conversation(LanguageModel model, string? system = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _tokenizer = model.Tokenizer ?? throw LanguageModel.NoTokenizer(model.Folder);
        _templates = model.ChatTemplates ?? throw new ModelException(
            model.Folder, "has no chat template", "chat_template.jinja, or chat_template in tokenizer_config.json", "Continue plain text instead.");
        if (system is not null) _turns.Add(new ChatTurn(ChatTurn.System, system));
    }

    /// <summary>What was said, oldest first. Not to be read while an answer is on its way.</summary>
    public IReadOnlyList<ChatTurn> Turns => _turns;

    /// <summary>Adds a question and gives the answer as it comes.</summary>
    /// <param name="text">The question.</param>
    /// <param name="options">How to answer; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before each token, and before each piece of the prompt.</param>
    /// <returns>One delta per token; the last has a <see cref="TextDelta.FinishReason"/>.</returns>
    /// <exception cref="ModelException">The conversation has outgrown the model's context, or memory is short.</exception>
    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    /// <exception cref="InvalidOperationException">An answer is on its way already.</exception>
    public async IAsyncEnumerable<TextDelta> AskAsync(
        string text, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Interlocked.Exchange(ref _asking, 1) == 1) throw new InvalidOperationException("an answer is on its way; expected one question at a time.");
        StringBuilder answer = new();
        int before = _turns.Count;
        _turns.Add(new ChatTurn(ChatTurn.User, text));
        try
        {
            GenerationRequest request = await PrepareAsync(options ?? new GenerationOptions(), cancellationToken).ConfigureAwait(false);
            await foreach (TextDelta delta in _model.Generator.RunAsync(request, cancellationToken).ConfigureAwait(false))
            {
                _tokens.Add(delta.TokenId);
                answer.Append(delta.Text);
                if (delta.FinishReason is not null) Keep(answer);
                yield return delta;
            }
        }
        finally
        {
            if (_turns.Count == before + 1) KeepOrTakeBack(answer);
            Volatile.Write(ref _asking, 0);
        }
    }

    /// <summary>Gives the memory of keys and values back.</summary>
    public void Dispose() => _slot?.Dispose();

    private void Keep(StringBuilder answer) => _turns.Add(new ChatTurn(ChatTurn.Assistant, answer.ToString()));

    private void KeepOrTakeBack(StringBuilder answer)
    {
        if (answer.Length > 0) Keep(answer);
        else _turns.RemoveAt(_turns.Count - 1);
    }

    /// <summary>Renders the whole chat, and keeps of the slot what the new text begins with.</summary>
    private async ValueTask<GenerationRequest> PrepareAsync(GenerationOptions options, CancellationToken cancellationToken)
    {
        int[] prompt = Encode();
        _model.CheckPrompt(prompt.Length);
        _slot ??= await _model.Generator.RentAsync(_model.Room(prompt.Length, options), cancellationToken).ConfigureAwait(false);
        int common = CommonLength(prompt);
        _slot.Truncate(common);
        _tokens.Clear();
        _tokens.AddRange(prompt);
        return _model.Request(_slot, prompt.AsMemory(common), options, new TokenizerText(_tokenizer));
    }

    private int[] Encode()
    {
        string text = _templates.Render(new ChatTemplateInput
        {
            Messages = [.. _turns.Select(turn => new TemplateMessage(turn.Role, TemplateValue.From(turn.Content)))],
            AddGenerationPrompt = true,
        });
        return _tokenizer.Encode(text, addSpecialTokens: false);
    }

    /// <summary>
    /// How many of the slot's tokens the prompt begins with. At least its last two run again: the last because its logits are needed, and one more because
    /// a piece of a prompt that is one token rounds differently than longer ones (<see cref="IDecoder.Step"/>).
    /// </summary>
    private int CommonLength(int[] prompt)
    {
        int most = Math.Min(_slot!.Length, Math.Max(0, prompt.Length - 2));
        return prompt.AsSpan(0, most).CommonPrefixLength(CollectionsMarshal.AsSpan(_tokens)[..most]);
    }
}
