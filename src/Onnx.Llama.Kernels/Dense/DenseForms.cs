using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Dense;

/// <summary>The product's code for an instruction set and a type.</summary>
internal static unsafe class DenseForms
{
    /// <summary>The code of a form.</summary>
    public static delegate*<ref DenseCall, int, int, void> Choose(InstructionSet form, DenseType type) => form switch
    {
        InstructionSet.Scalar => &ScalarDense.Range,
        InstructionSet.Arm => Choose<Lanes128, Vector128<float>, DenseWeights128.Singles, DenseWeights128.BFloats, DenseWeights128.Halves>(type),
        InstructionSet.Avx512 => Choose<Lanes512, Vector512<float>, DenseWeights512.Singles, DenseWeights512.BFloats, DenseWeights512.Halves>(type),
        _ => Choose<Lanes256, Vector256<float>, DenseWeights256.Singles, DenseWeights256.BFloats, DenseWeights256.Halves>(type),
    };

    private static delegate*<ref DenseCall, int, int, void> Choose<TLanes, TVector, TSingles, TBFloats, THalves>(DenseType type)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TSingles : struct, IDenseWeights<TVector>
        where TBFloats : struct, IDenseWeights<TVector>
        where THalves : struct, IDenseWeights<TVector>
    {
        if (type == DenseType.Float32) return &DenseKernel<TLanes, TVector, TSingles>.Range;
        return type == DenseType.BFloat16 ? &DenseKernel<TLanes, TVector, TBFloats>.Range : &DenseKernel<TLanes, TVector, THalves>.Range;
    }
}
