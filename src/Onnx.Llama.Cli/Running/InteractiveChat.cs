using Onnx.Llama.Chat;
using Onnx.Llama.Cli.CommandLine;

namespace Onnx.Llama.Cli.Running;

/// <summary>A chat on the terminal. Ctrl-C stops the answer, twice leaves; so does Ctrl-D.</summary>
internal static class InteractiveChat
{
    private const string Prompt = "> ";

    public static async Task<int> RunAsync(Conversation chat, string? system, Answerer answerer, Interrupts interrupts)
    {
        AnswerInterrupt interrupt = new();
        interrupts.Divert(interrupt.OnInterrupt);
        Console.Error.WriteLine($"Ctrl-C stops an answer, twice leaves. Ctrl-D leaves.{(system is null ? "" : $" System: {system}")}");
        while (true)
        {
            Console.Error.Write(Prompt);
            string? line = await Console.In.ReadLineAsync().ConfigureAwait(false);
            if (line is null)
            {
                Console.Error.WriteLine();
                return ExitCodes.Done;
            }

            if (string.IsNullOrWhiteSpace(line)) continue;
            await AnswerAsync(chat, line, answerer, interrupt).ConfigureAwait(false);
        }
    }

    private static async Task AnswerAsync(Conversation chat, string line, Answerer answerer, AnswerInterrupt interrupt)
    {
        using CancellationTokenSource answering = new();
        interrupt.Begin(answering.Cancel);
        try
        {
            await answerer.AnswerAsync(chat, line, answering.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("(stopped)");
        }
        finally
        {
            interrupt.End();
        }
    }

    /// <summary>The first Ctrl-C stops the answer, or asks for another one; the second, with no new question between, ends the process.</summary>
    private sealed class AnswerInterrupt
    {
        private readonly Lock _lock = new();
        private Action? _stop;
        private bool _interrupted;

        public void Begin(Action stop)
        {
            lock (_lock)
            {
                _interrupted = false;
                _stop = stop;
            }
        }

        public void End()
        {
            lock (_lock) _stop = null;
        }

        public bool OnInterrupt()
        {
            lock (_lock)
            {
                if (_interrupted) return false;
                _interrupted = true;
                if (_stop is { } stop) stop();
                else Console.Error.Write($"\n(Ctrl-C again leaves)\n{Prompt}");
                return true;
            }
        }
    }
}
