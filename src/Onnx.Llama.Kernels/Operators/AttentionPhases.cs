using Onnx.Llama.Kernels.Attention;
using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>Runs the phases of an attention on the session's threads.</summary>
internal static class AttentionPhases
{
    /// <summary>Adds the new keys and values, then computes the output.</summary>
    public static void Run(KernelContext context, ref AttentionCall call)
    {
        AppendNew append = new() { Call = call };
        context.ParallelFor(ref append, call.AppendTasks);
        Attend attend = new() { Call = call };
        context.ParallelFor(ref attend, call.AttendTasks);
    }

    /// <summary>Brings the past to where the present is.</summary>
    public static void Copy(KernelContext context, ref AttentionCall call)
    {
        CopyPast copy = new() { Call = call };
        context.ParallelFor(ref copy, call.CopyTasks);
    }

    private struct CopyPast : IParallelJob
    {
        public AttentionCall Call;

        public readonly void Run(int part) => Call.Copy(part);
    }

    private struct AppendNew : IParallelJob
    {
        public AttentionCall Call;

        public readonly void Run(int part) => Call.Append(part);
    }

    private struct Attend : IParallelJob
    {
        public AttentionCall Call;

        public readonly void Run(int part) => Call.Attend(part);
    }
}
