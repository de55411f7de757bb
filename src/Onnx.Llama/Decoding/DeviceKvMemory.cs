using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Decoding;

/// <summary>A device's memory, from its provider's allocator.</summary>
/// <param name="session">The session whose provider has the device.</param>
/// <param name="info">The device's memory, as the provider names it; taken over.</param>
internal sealed class DeviceKvMemory(InferenceSession session, OrtMemoryInfo info) : KvMemory
{
    private readonly OrtAllocator _allocator = new(session, info);

    public override bool IsHost => false;

    public override KvBuffer Take(KvLayer layer, TensorElementType type, int rows, int capacity)
    {
        try
        {
            long[] shape = [rows, layer.KvHeads, layer.Room(capacity), layer.HeadDim];
            return new Tensor(OrtValue.CreateAllocatedTensorValue(_allocator, type, shape));
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException(
                "device memory", $"{rows * layer.Bytes(capacity)} bytes could not be had ({fault.Message})", "so much free memory", "Ask for fewer tokens or sequences.", fault);
        }
    }

    public override void Dispose()
    {
        _allocator.Dispose();
        info.Dispose();
    }

    /// <summary>Bound whole: the addresses that some devices give are no addresses to count from.</summary>
    private sealed class Tensor(OrtValue value) : KvBuffer
    {
        public override void Bind(OrtIoBinding binding, string past, string present, int first, int count)
        {
            binding.BindInput(past, value);
            binding.BindOutput(present, value);
        }

        public override void CopyRow(KvBuffer source, int from, int to, int tokens) => throw new NotSupportedException("rows of a device do not move.");

        public override void SwapRows(int first, int second, int tokens) => throw new NotSupportedException("rows of a device do not move.");

        public override void Dispose() => value.Dispose();
    }
}
