using Microsoft.Extensions.Logging;

namespace Onnx.Llama.Cli.Opening;

/// <summary>Prints the host's warnings as notes on standard error: held back while a bar may be drawn there, at once afterwards.</summary>
internal sealed class NoteLog : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private List<string>? _held = [];

    /// <summary>Prints what was held back; from now on nothing is.</summary>
    public void Release()
    {
        lock (_lock)
        {
            foreach (string note in _held ?? []) Print(note);
            _held = null;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Notes go to standard error and nowhere else.");

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string note = formatter(state, exception);
        lock (_lock)
        {
            if (_held is null) Print(note);
            else _held.Add(note);
        }
    }

    public void Dispose()
    {
        // Nothing is held open.
    }

    private static void Print(string note) => Console.Error.WriteLine($"note: {note}");
}
