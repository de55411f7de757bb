using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Tests.Native;

/// <summary>An operator that fails where its attribute says.</summary>
internal sealed class ThrowingOperator : CustomOperator
{
    public const string Where = "where";
    public const int Parts = 64;

    public override string Name => "Throws";

    public override IReadOnlyList<OperatorPort> Inputs { get; } = [new(PortType.Float)];

    public override IReadOnlyList<OperatorPort> Outputs { get; } = [new(PortType.Float)];

    public override OperatorKernel Create(KernelInfo info)
    {
        long where = info.Integer(Where);
        return where == -2 ? throw new InvalidOperationException("no kernel today") : new Kernel((int)where);
    }

    private sealed unsafe class Kernel(int where) : OperatorKernel
    {
        public override void Compute(KernelContext context)
        {
            var output = (float*)context.Output(0, [Parts]);
            if (where == -1) throw new InvalidOperationException("nothing to compute");
            Job job = new() { Where = where, Output = output };
            context.ParallelFor(ref job, Parts);
        }
    }

    private unsafe struct Job : IParallelJob
    {
        public int Where;
        public float* Output;

        /// <summary>At one part, at all where it is beyond them, or at none.</summary>
        public readonly void Run(int part)
        {
            if (part == Where || Where == Parts) throw new ArithmeticException($"part {part} is wrong");
            Output[part] = part;
        }
    }
}
