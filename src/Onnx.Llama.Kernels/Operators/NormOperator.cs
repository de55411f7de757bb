using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>
/// RMSNorm or LayerNorm over the last axis, with or without a residual sum before it. Inputs, float32: x [.., width]; skip like x, optional; weight [width];
/// bias [width], optional; skip bias [width], optional. Outputs: the norm; the sum of x, skip and skip bias, optional.
/// </summary>
internal sealed class NormOperator : CustomOperator
{
    public const string OperatorName = "Norm";
    public const string Epsilon = "epsilon";
    public const string Centered = "centered";

    public override string Name => OperatorName;

    public override IReadOnlyList<OperatorPort> Inputs { get; } =
    [
        new(PortType.Float), new(PortType.Float, Optional: true), new(PortType.Float), new(PortType.Float, Optional: true), new(PortType.Float, Optional: true),
    ];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float), new(PortType.Float, Optional: true)];

    public override OperatorKernel Create(KernelInfo info) => new NormKernel(info.Float(Epsilon), info.Flag(Centered));
}
