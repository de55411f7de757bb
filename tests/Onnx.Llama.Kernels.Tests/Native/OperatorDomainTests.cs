using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Native;
using OrtApi = Onnx.Llama.Kernels.Native.OrtApi;

namespace Onnx.Llama.Kernels.Tests.Native;

public sealed class OperatorDomainTests
{
    private const int Domains = 300;
    private const int Threads = 4;

    /// <summary>The first sessions of a domain, opened at once.</summary>
    [Fact]
    public void Create_ThenSeveralSessionsAtOnce_OpensAll()
    {
        OrtNode.PrepareRuntime();
        GraphBuilder graph = new("nothing");
        graph.Output(graph.Node("same", OpNames.Abs, [graph.Input("x", ElementType.Float, 1)]), ElementType.Float, 1);
        byte[] model = graph.Build(21, 10, "test").ToBytes();
        using Barrier barrier = new(Threads);
        nint domain = 0;
        List<string> faults = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() => Work(thread)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(faults);

        void Work(int thread)
        {
            for (int i = 0; i < Domains; i++)
            {
                string name = $"onnx_llama_{i}";
                if (thread == 0) domain = OperatorDomain.Create(name, [new ThrowingOperator()]);
                barrier.SignalAndWait();
                using SessionOptions options = new() { IntraOpNumThreads = 1 };
                OrtApi.AddDomain(options.DangerousGetHandle(), domain, name);
                barrier.SignalAndWait();
                try
                {
                    using InferenceSession session = new(model, options);
                }
                catch (OnnxRuntimeException fault)
                {
                    lock (faults) faults.Add(fault.Message);
                }

                barrier.SignalAndWait();
            }
        }
    }
}
