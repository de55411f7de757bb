using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Native;
using OrtApi = Onnx.Llama.Kernels.Native.OrtApi;

namespace Onnx.Llama.Kernels.Tests.Native;

public sealed class KernelContextTests
{
    private const string DomainName = "onnx_llama_tests";

    private static readonly Lazy<nint> s_domain = new(() => OperatorDomain.Create(DomainName, [new ThrowingOperator()]));

    [Fact]
    public void ParallelFor_NoFault_RunsEveryPart()
    {
        using InferenceSession session = Open(ThrowingOperator.Parts + 1);
        Assert.Equal(Enumerable.Range(0, ThrowingOperator.Parts).Select(part => (float)part), Run(session));
    }

    [Theory]
    [InlineData(0, "part 0 is wrong")]
    [InlineData(63, "part 63 is wrong")]
    [InlineData(ThrowingOperator.Parts, " is wrong")]
    [InlineData(-1, "nothing to compute")]
    public void Compute_AFault_BecomesAFailedRun(int where, string message)
    {
        using InferenceSession session = Open(where);
        for (int i = 0; i < 20; i++)
        {
            OnnxRuntimeException fault = Assert.Throws<OnnxRuntimeException>(() => Run(session));
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_AFault_BecomesAFailedOpening()
    {
        OnnxRuntimeException fault = Assert.Throws<OnnxRuntimeException>(() => Open(-2));
        Assert.Contains("no kernel today", fault.Message, StringComparison.Ordinal);
    }

    private static float[] Run(InferenceSession session)
    {
        using Feed feed = new Feed().With("x", [1f], 1);
        return ModelRun.Run(session, feed)[0];
    }

    private static InferenceSession Open(int where)
    {
        GraphBuilder graph = new("throws");
        string x = graph.Input("x", ElementType.Float, 1);
        string y = graph.Node("node", new OperatorName(DomainName, "Throws"), [x], NodeAttribute.Int(ThrowingOperator.Where, where));
        graph.Output(y, ElementType.Float, ThrowingOperator.Parts);
        using SessionOptions options = ModelRun.Options();
        OrtApi.AddDomain(options.DangerousGetHandle(), s_domain.Value, DomainName);
        return new InferenceSession(graph.Build(21, 10, "test").ToBytes(), options);
    }
}
