using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Onnx.Llama.Kernels.Native;

/// <summary>
/// What ONNX Runtime calls. An exception that left one of these would end the process, so each that can fail catches everything and gives a status with the
/// message.
/// </summary>
internal static unsafe class OperatorCallbacks
{
    private const int Optional = 1;

    /// <summary>An operator as ONNX Runtime wants it, in memory that is never freed: sessions refer to it as long as the process lives.</summary>
    public static OrtCustomOp* Describe(CustomOperator @operator)
    {
        var op = (OrtCustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(OrtCustomOp));
        op->Version = OrtApi.Version;
        op->Operator = GCHandle.ToIntPtr(GCHandle.Alloc(@operator));
        op->Name = (byte*)Marshal.StringToCoTaskMemUTF8(@operator.Name);
        op->GetName = &GetName;
        op->GetExecutionProviderType = &GetExecutionProviderType;
        op->GetInputType = &GetInputType;
        op->GetInputTypeCount = &GetInputTypeCount;
        op->GetOutputType = &GetOutputType;
        op->GetOutputTypeCount = &GetOutputTypeCount;
        op->GetInputCharacteristic = &GetInputCharacteristic;
        op->GetOutputCharacteristic = &GetOutputCharacteristic;
        op->GetInputMemoryType = &GetInputMemoryType;
        op->GetVariadicInputMinArity = &One;
        op->GetVariadicInputHomogeneity = &One;
        op->GetVariadicOutputMinArity = &One;
        op->GetVariadicOutputHomogeneity = &One;
        op->GetStartVersion = &One;
        op->GetEndVersion = &AnyVersion;
        op->CreateKernelV2 = &Create;
        op->KernelComputeV2 = &Compute;
        op->KernelDestroy = &Destroy;
        return op;
    }

    private static CustomOperator Operator(OrtCustomOp* op) => (CustomOperator)GCHandle.FromIntPtr(op->Operator).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Create(OrtCustomOp* op, nint api, nint info, nint* kernel)
    {
        try
        {
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(Operator(op).Create(new KernelInfo(info))));
            return 0;
        }
        catch (Exception fault)
        {
            return OrtApi.Fail(fault.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(nint kernel, nint context)
    {
        try
        {
            ((OperatorKernel)GCHandle.FromIntPtr(kernel).Target!).Compute(new KernelContext(context));
            return 0;
        }
        catch (Exception fault)
        {
            return OrtApi.Fail(fault.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint kernel)
    {
        if (kernel != 0) GCHandle.FromIntPtr(kernel).Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetName(OrtCustomOp* op) => op->Name;

    /// <summary>Null is the CPU's.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetExecutionProviderType(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputType(OrtCustomOp* op, nuint index) => (int)Operator(op).Inputs[(int)index].Type;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetInputTypeCount(OrtCustomOp* op) => (nuint)Operator(op).Inputs.Count;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputType(OrtCustomOp* op, nuint index) => (int)Operator(op).Outputs[(int)index].Type;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetOutputTypeCount(OrtCustomOp* op) => (nuint)Operator(op).Outputs.Count;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputCharacteristic(OrtCustomOp* op, nuint index) => Operator(op).Inputs[(int)index].Optional ? Optional : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputCharacteristic(OrtCustomOp* op, nuint index) => Operator(op).Outputs[(int)index].Optional ? Optional : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputMemoryType(OrtCustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int One(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AnyVersion(OrtCustomOp* op) => int.MaxValue;
}
