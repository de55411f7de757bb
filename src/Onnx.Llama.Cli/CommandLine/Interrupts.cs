using System.Runtime.InteropServices;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>
/// Ctrl-C and the request to terminate. The first one cancels <see cref="Token"/>, so that what is half done can be undone; the second ends the
/// process. A chat takes the first one for itself while it is answering.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private Func<bool>? _handler;

    public Interrupts()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Set by the first interrupt that nobody else took.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>From now on, <paramref name="handler"/> sees an interrupt first; true means that it took it, false that the process may end.</summary>
    public void Divert(Func<bool> handler) => _handler = handler;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_handler is { } handler && context.Signal == PosixSignal.SIGINT)
        {
            context.Cancel = handler();
            return;
        }

        context.Cancel = !_source.IsCancellationRequested;
        if (context.Cancel) _source.Cancel();
    }
}
