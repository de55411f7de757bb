using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Kernels.Tests;

/// <summary>One of ONNX Runtime's own operators, alone in a graph: what ours are compared with.</summary>
internal sealed partial class OrtNode : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    static OrtNode() => PrepareRuntime();

    /// <summary>Before the first session of a process.</summary>
    public static void PrepareRuntime()
    {
        // Telemetry is off before the library is loaded; on Unix its own view of the environment counts.
        foreach (string name in new[] { "ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED" })
        {
            Environment.SetEnvironmentVariable(name, "1");
            if (!OperatingSystem.IsWindows()) _ = SetEnv(name, "1", 1);
        }

        OrtEnv.Instance().DisableTelemetryEvents();
    }

    /// <param name="op">The operator.</param>
    /// <param name="inputs">Types and ranks of its inputs; rank -1: absent.</param>
    /// <param name="outputs">Its outputs, float32; false: absent.</param>
    /// <param name="attributes">Its attributes.</param>
    public OrtNode(OperatorName op, (ElementType Type, int Rank)[] inputs, bool[] outputs, params NodeAttribute[] attributes)
    {
        GraphBuilder graph = new("one");
        string[] given = [.. inputs.Select((input, index) => input.Rank < 0 ? "" : graph.Input($"x{index}", input.Type, Symbols(index, input.Rank)))];
        string[] made = [.. outputs.Select((wanted, index) => wanted ? $"y{index}" : "")];
        graph.Node("node", op, given, made, attributes);
        (_inputs, _outputs) = ([.. given.Where(name => name.Length > 0)], [.. made.Where(name => name.Length > 0)]);
        foreach (string output in _outputs) graph.Output(output, ElementType.Float);
        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(graph.Build(21, 10, "test").ToBytes(), options);
    }

    /// <summary>A tensor.</summary>
    public static OrtValue Tensor<T>(T[] values, params long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);

    /// <summary>The outputs for some inputs, which are disposed of.</summary>
    public float[][] Run(params OrtValue[] inputs)
    {
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, _inputs, inputs, _outputs);
        foreach (OrtValue input in inputs) input.Dispose();
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose() => _session.Dispose();

    private static Dimension[] Symbols(int input, int rank) => [.. Enumerable.Range(0, rank).Select(axis => (Dimension)$"x{input}_{axis}")];

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
