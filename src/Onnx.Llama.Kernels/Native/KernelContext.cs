using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Native;

/// <summary>One run of a node: its inputs and outputs, and ONNX Runtime's own threads.</summary>
internal readonly unsafe struct KernelContext(nint handle)
{
    public int InputCount => OrtApi.InputCount(handle);

    /// <summary>An input; one that is not there where an optional one was left out.</summary>
    public TensorView Input(int index)
    {
        if (index >= InputCount) return default;
        nint value = OrtApi.Input(handle, index);
        return value == 0 ? default : new TensorView(value);
    }

    /// <summary>Makes an output; one that is not there where nobody wants it.</summary>
    public void* Output(int index, ReadOnlySpan<long> shape)
    {
        nint value = OrtApi.Output(handle, index, shape);
        return value == 0 ? null : OrtApi.Data(value);
    }

    /// <summary>Runs a job's parts on the session's threads, this one included, and returns when all are done.</summary>
    /// <exception cref="Exception">What the first part that failed threw.</exception>
    public void ParallelFor<TJob>(ref TJob job, int parts)
        where TJob : unmanaged, IParallelJob
    {
        if (parts == 1)
        {
            job.Run(0);
            return;
        }

        if (parts < 1) return;
        ParallelCall call = new() { Job = Unsafe.AsPointer(ref job), Run = &RunPart<TJob> };
        OrtApi.ParallelFor(handle, &RunPart, parts, &call);
        if (call.Fault == 0) return;
        GCHandle fault = GCHandle.FromIntPtr(call.Fault);
        var thrown = (Exception)fault.Target!;
        fault.Free();
        ExceptionDispatchInfo.Throw(thrown);
    }

    private static void RunPart<TJob>(void* job, int part)
        where TJob : unmanaged, IParallelJob => ((TJob*)job)->Run(part);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void RunPart(void* data, nuint part)
    {
        var call = (ParallelCall*)data;
        try
        {
            call->Run(call->Job, (int)part);
        }
        catch (Exception fault)
        {
            nint kept = GCHandle.ToIntPtr(GCHandle.Alloc(fault));
            if (Interlocked.CompareExchange(ref call->Fault, kept, 0) != 0) GCHandle.FromIntPtr(kept).Free();
        }
    }

    private struct ParallelCall
    {
        public void* Job;
        public delegate*<void*, int, void> Run;
        public nint Fault;
    }
}
