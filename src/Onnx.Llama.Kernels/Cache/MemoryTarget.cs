using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>Memory of a known length.</summary>
internal sealed class MemoryTarget(NativeMemoryBlock block) : IWeightTarget
{
    public void Write(long offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(block.Slice(offset, bytes.Length));
}
