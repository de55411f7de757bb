using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Dense;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>A matrix of 16 or 32 bits in the kernels' layout.</summary>
/// <param name="name">The initializer's name.</param>
/// <param name="shape">The layout.</param>
/// <param name="tensor">[N, K].</param>
internal sealed unsafe class DensePiece(string name, DenseMatrix shape, TensorProto tensor) : WeightPiece(name, shape.Bytes)
{
    private const long Step = 8 << 20;

    private readonly List<NodeProto> _users = [];

    public DenseMatrix Shape => shape;

    public TensorProto Tensor => tensor;

    /// <summary>A node that uses it and is told how it is kept, once that is known.</summary>
    public void AddUser(NodeProto node) => _users.Add(node);

    public override void Write(TensorReader reader, IWeightTarget target, long offset, Action<long> progress, CancellationToken cancellationToken)
    {
        long rowBytes = (long)shape.K * shape.ElementBytes;
        int groups = (int)Math.Clamp(Step / shape.GroupBytes, 1, shape.Groups);
        using NativeMemoryBlock source = new(groups * shape.Lanes * rowBytes);
        using NativeMemoryBlock packed = new(groups * shape.GroupBytes);
        ScaleRange range = shape.Type == DenseType.Float16 ? Range(reader, source, cancellationToken) : new ScaleRange(0);
        foreach (NodeProto user in _users) user.With(ProductAttributes.ScaleExponent, range.Exponent);
        for (int first = 0; first < shape.Groups; first += groups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(groups, shape.Groups - first);
            int rows = Math.Min(count * shape.Lanes, shape.N - (first * shape.Lanes));
            reader.Read(tensor, first * shape.Lanes * rowBytes, source.Slice(0, checked((int)(rows * rowBytes))));
            packed.Clear(count * shape.GroupBytes);
            Parallel.For(0, count, group => DensePacker.PackGroup(
                source.Pointer + (group * shape.Lanes * rowBytes),
                Math.Min(shape.Lanes, rows - (group * shape.Lanes)),
                shape,
                range,
                packed.Pointer + (group * shape.GroupBytes)));
            target.Write(offset + (first * shape.GroupBytes), packed.Slice(0, (int)(count * shape.GroupBytes)));
            progress(count * shape.GroupBytes);
        }
    }

    private ScaleRange Range(TensorReader reader, NativeMemoryBlock buffer, CancellationToken cancellationToken)
    {
        float greatest = 0;
        for (long done = 0; done < (long)shape.N * shape.K * 2; done += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = (int)Math.Min(buffer.Length, ((long)shape.N * shape.K * 2) - done);
            reader.Read(tensor, done, buffer.Slice(0, length));
            foreach (Half value in new ReadOnlySpan<Half>(buffer.Pointer, length / 2)) greatest = MathF.Max(greatest, MathF.Abs((float)value));
        }

        return ScaleRange.Of([greatest]) ?? throw new KernelException(tensor.Name, "has an element that is not finite; expected weights.");
    }
}
