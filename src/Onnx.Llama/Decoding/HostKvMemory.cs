using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Decoding;

/// <summary>The host's memory.</summary>
internal sealed class HostKvMemory : KvMemory
{
    public override bool IsHost => true;

    public override KvBuffer Take(KvLayer layer, TensorElementType type, int rows, int capacity) => new Rows(layer, type, rows, capacity);

    public override void Dispose()
    {
    }

    private sealed class Rows(KvLayer layer, TensorElementType type, int rows, int capacity) : KvBuffer
    {
        private readonly HostBuffer _buffer = new(checked(rows * layer.Bytes(capacity)));
        private readonly int _room = layer.Room(capacity);
        private readonly long _token = (long)layer.HeadDim * layer.ElementSize;

        public override void Bind(OrtIoBinding binding, string past, string present, int first, int count)
        {
            long[] shape = [count, layer.KvHeads, _room, layer.HeadDim];
            using OrtValue tensor = _buffer.Tensor(type, layer.ElementSize, shape, Start(first, 0));
            binding.BindInput(past, tensor);
            binding.BindOutput(present, tensor);
        }

        public override void CopyRow(KvBuffer source, int from, int to, int tokens)
        {
            Rows other = (Rows)source;
            for (int head = 0; head < layer.KvHeads; head++) _buffer.CopyFrom(other._buffer, other.Start(from, head), Start(to, head), tokens * _token);
        }

        public override void SwapRows(int first, int second, int tokens)
        {
            for (int head = 0; head < layer.KvHeads; head++) _buffer.Swap(Start(first, head), Start(second, head), tokens * _token);
        }

        public override void Dispose() => _buffer.Dispose();

        private long Start(int row, int head) => (((long)row * layer.KvHeads) + head) * _room * _token;
    }
}
