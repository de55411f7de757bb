using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>The list of operators.</summary>
internal static class KnownOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new QuantProductOperator(), new QuantGatherOperator(), new DenseProductOperator(), new DenseGatherOperator(), new NormOperator(), new AttentionOperator(),
    ];
}
