using System.Diagnostics;
using Onnx.Llama.Cli.Verbs;
using Onnx.Llama.Conversion;
using Spectre.Console;

namespace Onnx.Llama.Cli.Progress;

/// <summary>Shows a conversion's progress on standard error: a bar on a terminal, a line every few seconds where it is redirected.</summary>
internal static class ConversionBar
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>Runs the work and shows how far it is.</summary>
    public static T Run<T>(string title, Func<IProgress<ConversionProgress>, T> work) =>
        Console.IsErrorRedirected ? work(new Lines(title)) : RunWithBar(title, work);

    private static T RunWithBar<T>(string title, Func<IProgress<ConversionProgress>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title));
                return work(new Bar(task));
            });
    }

    private sealed class Bar(ProgressTask task) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            lock (task)
            {
                task.MaxValue = value.Total;
                task.Value = Math.Max(task.Value, value.Done);
            }
        }
    }

    private sealed class Lines(string title) : IProgress<ConversionProgress>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private TimeSpan _last;

        public void Report(ConversionProgress value)
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
