using System.Runtime.InteropServices;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>One quantised matrix, or a gate's and its other one group by group, in the kernels' layout.</summary>
/// <param name="name">The initializer's name.</param>
/// <param name="shape">The layout of each.</param>
/// <param name="matrices">One or two.</param>
internal sealed unsafe class ProductPiece(string name, PackedMatrix shape, IReadOnlyList<QuantizedTensors> matrices)
    : WeightPiece(name, matrices.Count * shape.Bytes)
{
    /// <summary>Bytes packed at a time: enough to keep all cores busy, little beside a model.</summary>
    private const long Step = 8 << 20;

    private readonly List<NodeProto> _users = [];

    public PackedMatrix Shape => shape;

    /// <summary>Whether it holds a gate's matrix and its other one.</summary>
    public bool IsGated => matrices.Count == 2;

    /// <summary>The first matrix.</summary>
    public QuantizedTensors Tensors => matrices[0];

    /// <summary>A node that uses it and is told how its scales are kept, once that is known.</summary>
    public void AddUser(NodeProto node) => _users.Add(node);

    public override void Write(TensorReader reader, IWeightTarget target, long offset, Action<long> progress, CancellationToken cancellationToken)
    {
        using DisposableList<NativeMemoryBlock> scales = new(matrices.Select(matrix => Whole(reader, matrix.Scales)));
        ScaleRange range = Range(scales);
        foreach (NodeProto user in _users) user.With(ProductAttributes.ScaleExponent, range.Exponent);
        int groups = (int)Math.Clamp(Step / (shape.GroupBytes * matrices.Count), 1, shape.Groups);
        using NativeMemoryBlock packed = new(groups * matrices.Count * shape.GroupBytes);
        using NativeMemoryBlock codes = new(groups * shape.Lanes * matrices[0].CodeBytes);
        using NativeMemoryBlock zeroPoints = new(groups * shape.Lanes * matrices[0].ZeroPointBytes);
        for (int first = 0; first < shape.Groups; first += groups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(groups, shape.Groups - first);
            long bytes = count * matrices.Count * shape.GroupBytes;
            packed.Clear(bytes);
            for (int matrix = 0; matrix < matrices.Count; matrix++) Pack(reader, matrix, first, count, range, scales[matrix], codes, zeroPoints, packed);
            target.Write(offset + (first * matrices.Count * shape.GroupBytes), packed.Slice(0, (int)bytes));
            progress(bytes);
        }
    }

    private void Pack(
        TensorReader reader, int matrix, int first, int count, ScaleRange range, NativeMemoryBlock scales, NativeMemoryBlock codes, NativeMemoryBlock zeroPoints, NativeMemoryBlock packed)
    {
        QuantizedTensors tensors = matrices[matrix];
        int row = first * shape.Lanes;
        int rows = Math.Min(count * shape.Lanes, shape.N - row);
        reader.Read(tensors.Codes, row * tensors.CodeBytes, codes.Slice(0, checked((int)(rows * tensors.CodeBytes))));
        if (tensors.ZeroPoints is { } tensor) reader.Read(tensor, row * tensors.ZeroPointBytes, zeroPoints.Slice(0, (int)(rows * tensors.ZeroPointBytes)));
        StoredMatrix stored = new(
            tensors.Format,
            rows,
            tensors.K,
            codes.Pointer,
            (float*)scales.Pointer + ((long)row * tensors.Blocks),
            tensors.ZeroPoints is null ? null : zeroPoints.Pointer);
        PackedMatrix part = shape with { N = rows };
        Parallel.For(0, count, group => MatrixPacker.PackGroup(
            stored, part, range, group, packed.Pointer + ((((long)group * matrices.Count) + matrix) * shape.GroupBytes)));
    }

    private ScaleRange Range(DisposableList<NativeMemoryBlock> scales)
    {
        ScaleRange? range = null;
        for (int i = 0; i < matrices.Count; i++)
        {
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(scales[i].Slice(0, checked((int)scales[i].Length)));
            ScaleRange one = ScaleRange.Of(values) ?? throw new KernelException(
                matrices[i].Scales.Name, "has a scale that is not finite or too great for float16; expected quantised weights.");
            range = range?.And(one) ?? one;
        }

        return range!.Value;
    }

    private static NativeMemoryBlock Whole(TensorReader reader, TensorProto tensor)
    {
        NativeMemoryBlock block = new(TensorReader.Length(tensor));
        reader.Read(tensor, 0, block.Slice(0, checked((int)block.Length)));
        return block;
    }
}
