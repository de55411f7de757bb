using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>A tensor that stays as it is.</summary>
internal sealed class CopiedPiece(TensorProto tensor) : WeightPiece(tensor.Name, TensorReader.Length(tensor))
{
    private const int Step = 4 << 20;

    public override void Write(TensorReader reader, IWeightTarget target, long offset, Action<long> progress, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(Step, Bytes)];
        for (long done = 0; done < Bytes; done += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Bytes - done));
            reader.Read(tensor, done, part);
            target.Write(offset + done, part);
            progress(part.Length);
        }
    }
}
