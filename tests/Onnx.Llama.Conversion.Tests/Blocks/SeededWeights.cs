using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>A checkpoint that has every tensor that is asked for, of random numbers of about 1 / sqrt(columns), or those that a test gives.</summary>
internal sealed class SeededWeights : WeightSource
{
    private readonly Dictionary<string, float[]> _tensors = new(StringComparer.Ordinal);

    /// <summary>A tensor's numbers, row by row.</summary>
    public float[] this[string name]
    {
        get => _tensors[name];
        set => _tensors[name] = value;
    }

    public override bool Has(string name) => _tensors.ContainsKey(name);

    protected override RowSource Take(string name, ReadOnlySpan<long> shape, long rows, int columns, string why)
    {
        if (!_tensors.TryGetValue(name, out float[]? values))
        {
            Random random = new(name.Sum(letter => letter));
            float scale = shape.Length < 2 ? 1 : 2 / MathF.Sqrt(shape[^1]);
            _tensors[name] = values = [.. Enumerable.Range(0, (int)rows * columns).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];
        }

        Assert.Equal(rows * columns, values.Length);
        return new Numbers(rows, columns, values);
    }

    private sealed class Numbers(long rows, int columns, float[] values) : RowSource
    {
        public override long Rows => rows;

        public override int Columns => columns;

        public override IEnumerable<TensorInfo> Tensors => [];

        public override void Read(long first, Span<float> destination) => values.AsSpan((int)first * columns, destination.Length).CopyTo(destination);
    }
}
