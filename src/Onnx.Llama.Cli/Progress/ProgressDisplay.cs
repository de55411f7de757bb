using System.Diagnostics;
using Onnx.Llama.Cli.Verbs;
using Spectre.Console;

namespace Onnx.Llama.Cli.Progress;

/// <summary>
/// Shows on standard error how far some work is, once it reports anything: with a bar on a terminal, with a line every few seconds where it is redirected.
/// </summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>Runs the work and shows how far it is.</summary>
    public static T Run<T>(string title, Func<IProgress<ByteProgress>, T> work) =>
        Console.IsErrorRedirected ? work(new Lines(title)) : RunWithBar(title, work);

    private static T RunWithBar<T>(string title, Func<IProgress<ByteProgress>, T> work)
    {
        using Bar bar = new(title);
        return work(bar);
    }

    /// <summary>Nothing is drawn before the first report: even a bar without tasks moves the cursor.</summary>
    private sealed class Bar(string title) : IProgress<ByteProgress>, IDisposable
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _done = new();
        private Task? _drawing;
        private ProgressTask? _task;

        public void Report(ByteProgress value)
        {
            lock (_lock)
            {
                _task ??= Draw();
                _task.MaxValue = value.Total;
                _task.Value = Math.Max(_task.Value, value.Done);
            }
        }

        public void Dispose()
        {
            _done.SetResult();
            _drawing?.GetAwaiter().GetResult();
        }

        private ProgressTask Draw()
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            TaskCompletionSource<ProgressTask> added = new();
            _drawing = console.Progress()
                .AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new DownloadedColumn(),
                    new TransferSpeedColumn(),
                    new RemainingTimeColumn())
                .StartAsync(context =>
                {
                    added.SetResult(context.AddTask(Markup.Escape(title)));
                    return _done.Task;
                });
            return added.Task.GetAwaiter().GetResult();
        }
    }

    private sealed class Lines(string title) : IProgress<ByteProgress>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private TimeSpan _last;

        public void Report(ByteProgress value)
        {
            lock (_watch)
            {
                TimeSpan now = _watch.Elapsed;
                if (now - _last < s_interval) return;
                _last = now;
                double rate = value.Done / now.TotalSeconds;
                Console.Error.WriteLine(FormattableString.Invariant(
                    $"{title}: {100.0 * value.Done / value.Total:0} %, {Units.Bytes((long)rate)}/s, {(value.Total - value.Done) / rate:0} s left"));
            }
        }
    }
}
