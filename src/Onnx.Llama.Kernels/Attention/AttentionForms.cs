using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Runs a task in the form that the call asks for.</summary>
internal static class AttentionForms
{
    public static void Attend(in AttentionCall call, AttendTask task)
    {
        switch (call.Form)
        {
            case InstructionSet.Scalar:
                ScalarAttention.Run(in call, task);
                break;
            case InstructionSet.Arm:
                LanesAttention<Lanes128, Vector128<float>>.Run(in call, task);
                break;
            // Where the processor slows down for 512-bit registers, the framework does not use them.
            case InstructionSet.Avx512 when Vector512.IsHardwareAccelerated:
                LanesAttention<Lanes512, Vector512<float>>.Run(in call, task);
                break;
            default:
                LanesAttention<Lanes256, Vector256<float>>.Run(in call, task);
                break;
        }
    }
}
