using Onnx.Llama.Kernels.Products;

namespace Onnx.Llama.Kernels.Tests.Products;

/// <summary>A random matrix as a model stores it, and the numbers that it stands for.</summary>
internal sealed unsafe class RandomMatrix : IDisposable
{
    private readonly NativeBuffer<byte> _codes;
    private readonly NativeBuffer<float> _scales;
    private readonly NativeBuffer<byte>? _zeroPoints;

    public RandomMatrix(QuantFormat format, int n, int k, Random random)
    {
        int blocks = (k + format.Block - 1) / format.Block;
        _codes = new NativeBuffer<byte>((long)n * blocks * format.Block * format.Bits / 8);
        _scales = new NativeBuffer<float>((long)n * blocks);
        random.NextBytes(_codes.Span);
        foreach (ref float scale in _scales.Span) scale = (float)(Half)(((random.NextSingle() * 2) - 1) * 0.02f);
        if (format.Asymmetric)
        {
            _zeroPoints = new NativeBuffer<byte>((long)n * ((blocks * format.Bits + 7) / 8));
            random.NextBytes(_zeroPoints.Span);
        }

        Stored = new StoredMatrix(format, n, k, _codes.Pointer, _scales.Pointer, _zeroPoints is null ? null : _zeroPoints.Pointer);
    }

    public StoredMatrix Stored { get; }

    public Span<byte> Codes => _codes.Span;

    public Span<float> Scales => _scales.Span;

    /// <summary>Empty where the format has one for all.</summary>
    public Span<byte> ZeroPoints => _zeroPoints is null ? default : _zeroPoints.Span;

    /// <summary>An element.</summary>
    public double this[int row, int column]
    {
        get
        {
            QuantFormat format = Stored.Format;
            int block = column / format.Block;
            byte* codes = Stored.Codes(row, block);
            int element = column % format.Block;
            int code = format.Bits == 8 ? codes[element] : (codes[element / 2] >> (4 * (element & 1))) & 15;
            return (code - Stored.ZeroPoint(row, block)) * (double)Stored.Scale(row, block);
        }
    }

    /// <summary>x * W^T in float64, [rows, N].</summary>
    public double[] Multiply(float[] x)
    {
        (int n, int k) = (Stored.N, Stored.K);
        double[] weights = new double[n * k];
        for (int i = 0; i < weights.Length; i++) weights[i] = this[i / k, i % k];
        double[] y = new double[x.Length / k * n];
        for (int i = 0; i < y.Length; i++)
        {
            for (int column = 0; column < k; column++) y[i] += weights[(i % n * k) + column] * x[(i / n * k) + column];
        }

        return y;
    }

    public NativeBuffer<byte> Pack(int lanes, out PackedMatrix shape, out ScaleRange range)
    {
        shape = new PackedMatrix(Stored.Format, Stored.N, Stored.K, lanes);
        range = ScaleRange.Of(Stored.Scales)!.Value;
        NativeBuffer<byte> packed = new(shape.Bytes);
        for (int group = 0; group < shape.Groups; group++) MatrixPacker.PackGroup(Stored, shape, range, group, packed.Pointer + (group * shape.GroupBytes));
        return packed;
    }

    public void Dispose()
    {
        _codes.Dispose();
        _scales.Dispose();
        _zeroPoints?.Dispose();
    }
}
