using Onnx.Llama.Chat;

namespace Onnx.Llama.Cli.Running;

/// <summary>Streams answers to standard output, and nothing else.</summary>
internal sealed class Answerer(LanguageModel model, GenerationOptions options, bool withStatistics)
{
    /// <summary>Answers the next turn of a chat.</summary>
    public Task AnswerAsync(Conversation chat, string text, CancellationToken cancellationToken) =>
        WriteAsync(chat.AskAsync(text, options, cancellationToken));

    /// <summary>Continues a text.</summary>
    public Task ContinueAsync(string text, CancellationToken cancellationToken) =>
        WriteAsync(model.GenerateAsync(text, options, cancellationToken));

    private async Task WriteAsync(IAsyncEnumerable<TextDelta> deltas)
    {
        Statistics statistics = new();
        try
        {
            await foreach (TextDelta delta in deltas.ConfigureAwait(false))
            {
                statistics.Add(delta);
                Console.Out.Write(delta.Text);
            }
        }
        finally
        {
            Console.Out.WriteLine();
        }

        if (statistics.Last.FinishReason == FinishReason.ContextFull)
        {
            Console.Error.WriteLine(FormattableString.Invariant($"note: the model's context of {model.ContextLength} tokens is full."));
        }

        if (withStatistics) Console.Error.WriteLine(statistics.ToString());
    }
}
