using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Onnx.Llama.Kernels.Attention;

/// <summary>Asks for the next block of keys and values while this one is computed.</summary>
internal static unsafe class BlockPrefetch
{
    private const int LineFloats = 16;

    /// <summary>Asks for some floats; where the processor has no such instruction, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(float* address, int floats)
    {
        if (!Sse.IsSupported) return;
        for (int offset = 0; offset < floats; offset += LineFloats) Sse.Prefetch0(address + offset);
    }
}
