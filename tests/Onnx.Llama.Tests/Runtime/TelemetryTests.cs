namespace Onnx.Llama.Tests.Runtime;

public sealed class TelemetryTests(TalesFolders tales)
{
    /// <summary>
    /// An application that knows nothing of ONNX Runtime's telemetry opens sockets to the network after some seconds; ours none in half as much time again.
    /// Where the control opens none, the test would prove nothing and is skipped.
    /// </summary>
    [Fact]
    public void Open_WatchedForSockets_OpensNone()
    {
        SocketWatch.Require();
        using SocketWatch watch = new();
        TimeSpan? control = watch.Run("control", Path.Combine(tales.Int4, "model.onnx"), TimeSpan.FromSeconds(40));
        Assert.SkipWhen(control is null, "without our opt-out, ONNX Runtime opened no socket in 40 s: there is nothing to compare");
        TimeSpan? host = watch.Run("host", tales.Int4, 1.5 * control.Value);
        Assert.True(host is null, $"a socket was opened {host} after the start; without our opt-out it takes {control}");
    }
}
