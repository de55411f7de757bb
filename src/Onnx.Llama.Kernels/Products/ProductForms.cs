using System.Runtime.Intrinsics;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Products.Lanes;

namespace Onnx.Llama.Kernels.Products;

/// <summary>The product's code for an instruction set and a format.</summary>
internal static unsafe class ProductForms
{
    /// <summary>Rows that a form interleaves.</summary>
    public static int Lanes(InstructionSet form) => form switch
    {
        InstructionSet.Avx512 => Avx512Products.Count,
        InstructionSet.Arm => ArmProducts.Count,
        _ => Avx2Products.Count,
    };

    /// <summary>The code of a form.</summary>
    public static delegate*<ref ProductCall, int, int, void> Choose(InstructionSet form, QuantFormat format) => form switch
    {
        InstructionSet.Avx512 => Choose<Avx512Products, Vector512<byte>>(format),
        InstructionSet.AvxVnni => Choose<AvxVnniProducts, Vector256<byte>>(format),
        InstructionSet.Avx2 => Choose<Avx2Products, Vector256<byte>>(format),
        InstructionSet.Arm => Choose<ArmProducts, Vector128<byte>>(format),
        _ => &ScalarProduct.Range,
    };

    private static delegate*<ref ProductCall, int, int, void> Choose<TLanes, TVector>(QuantFormat format)
        where TLanes : struct, IProductLanes<TVector>
        where TVector : struct
    {
        if (format.Bits == 4) return format.Asymmetric ? &ProductKernel<TLanes, TVector, AsymmetricInt4>.Range : &ProductKernel<TLanes, TVector, Int4>.Range;
        return format.Asymmetric ? &ProductKernel<TLanes, TVector, AsymmetricInt8>.Range : &ProductKernel<TLanes, TVector, Int8>.Range;
    }
}
