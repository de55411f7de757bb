using System.Collections.Frozen;

namespace Onnx.Llama.Checkpoints;

/// <summary>Sizes and names of <see cref="DType"/>.</summary>
public static class DTypes
{
    private static readonly FrozenDictionary<string, DType> s_byName =
        Enum.GetValues<DType>().ToFrozenDictionary(dtype => dtype.ToString(), StringComparer.Ordinal);

    /// <summary>Bits of one element: 4, 6, 8, 16, 32 or 64.</summary>
    public static int Bits(this DType dtype) => dtype switch
    {
        DType.F4 => 4,
        DType.F6_E2M3 or DType.F6_E3M2 => 6,
        DType.BOOL or DType.U8 or DType.I8 => 8,
        DType.F8_E5M2 or DType.F8_E4M3 or DType.F8_E8M0 or DType.F8_E4M3FNUZ or DType.F8_E5M2FNUZ => 8,
        DType.I16 or DType.U16 or DType.F16 or DType.BF16 => 16,
        DType.I32 or DType.U32 or DType.F32 => 32,
        DType.C64 or DType.F64 or DType.I64 or DType.U64 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a dtype of the safetensors format"),
    };

    /// <summary>The dtype of this name, spelt exactly as the format does.</summary>
    public static bool TryParse(string name, out DType dtype) => s_byName.TryGetValue(name, out dtype);

    /// <summary>All names, in the order of the enumeration, for messages.</summary>
    internal static string Known => string.Join(", ", Enum.GetNames<DType>());
}
