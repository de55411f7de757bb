using System.Numerics.Tensors;

namespace Onnx.Llama.Sampling;

/// <summary>
/// The tokens that stay after temperature, top-k, top-p and min-p, likeliest first (in the order of ids where nothing is cut), with their
/// weights exp((logit - greatest) / temperature). Each cut keeps a beginning of that order, so all three together are one length. A histogram
/// over the weights' leading bits finds the few tokens that can be in it, and only those are sorted: a few passes over the vocabulary, not a sort of it.
/// </summary>
internal sealed class Candidates
{
    /// <summary>Sign, exponent and three bits of the fraction; a weight of 1 falls into the last bucket.</summary>
    private const int BucketShift = 20;

    private static readonly int s_buckets = (int)(BitConverter.SingleToUInt32Bits(1f) >> BucketShift) + 1;

    private readonly int[] _counts = new int[s_buckets];
    private readonly double[] _sums = new double[s_buckets];
    private float[] _weights = [];

    /// <summary>The complement of the weight's bits above the id: ascending is likeliest first, then lowest id.</summary>
    private ulong[] _keys = [];

    private int _size;
    private double _total;

    /// <summary>How many tokens stay.</summary>
    public int Count { get; private set; }

    /// <summary>The id of a token that stays.</summary>
    public int Id(int index) => (int)(uint)_keys[index];

    /// <summary>The weight of a token that stays; the greatest is 1.</summary>
    public float Weight(int index) => BitConverter.UInt32BitsToSingle(~(uint)(_keys[index] >> 32));

    /// <summary>Cuts the distribution of <paramref name="logits"/>, whose greatest is given.</summary>
    public void Cut(ReadOnlySpan<float> logits, float greatest, SamplingOptions options)
    {
        Weigh(logits, greatest, options.Temperature);
        int k = options.TopK == 0 ? int.MaxValue : options.TopK;
        Collect(LeastBits(k, options));
        if (options.TopK > 0 || options.TopP < 1 || options.MinP > 0) _keys.AsSpan(0, _size).Sort();
        Count = Math.Min(k, _size);
        if (options.TopP < 1) Count = Nucleus(options.TopP, k);
        while (Weight(Count - 1) < options.MinP) Count--;
        _total = Sum(Count);
    }

    /// <summary>The token under a number in [0, 1).</summary>
    public int Draw(double uniform)
    {
        double left = uniform * _total;
        for (int i = 0; i < Count - 1; i++)
        {
            left -= Weight(i);
            if (left < 0) return Id(i);
        }

        return Id(Count - 1);
    }

    private void Weigh(ReadOnlySpan<float> logits, float greatest, float temperature)
    {
        if (_weights.Length < logits.Length)
        {
            _weights = new float[logits.Length];
            _keys = new ulong[logits.Length];
        }

        _size = logits.Length;
        Span<float> weights = _weights.AsSpan(0, _size);
        TensorPrimitives.Subtract(logits, greatest, weights);
        if (temperature != 1) TensorPrimitives.Divide(weights, temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        Array.Clear(_counts);
        Array.Clear(_sums);
        foreach (float weight in weights)
        {
            uint bucket = BitConverter.SingleToUInt32Bits(weight) >> BucketShift;
            _counts[bucket]++;
            _sums[bucket] += weight;
        }
    }

    /// <summary>No token whose weight has lesser bits can stay.</summary>
    private uint LeastBits(int k, SamplingOptions options)
    {
        bool whole = k == int.MaxValue;
        double mass = whole && options.TopP < 1 ? options.TopP * Sum(_sums) : double.PositiveInfinity;
        long count = 0;
        double sum = 0;
        int bucket = s_buckets;
        while (bucket > 0 && count < k && sum < mass)
        {
            count += _counts[--bucket];
            sum += _sums[bucket];
        }

        uint least = Math.Max(1, (uint)bucket << BucketShift);
        return whole ? Math.Max(least, BitConverter.SingleToUInt32Bits(options.MinP)) : least;
    }

    private void Collect(uint leastBits)
    {
        int size = 0;
        for (int id = 0; id < _size; id++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(_weights[id]);
            if (bits >= leastBits) _keys[size++] = ((ulong)~bits << 32) | (uint)id;
        }

        _size = size;
    }

    private int Nucleus(float topP, int k)
    {
        double mass = topP * (k == int.MaxValue ? Sum(_sums) : Sum(Count));
        double sum = 0;
        int count = 0;
        while (count < Count && sum < mass) sum += Weight(count++);
        return count;
    }

    private double Sum(int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Weight(i);
        return sum;
    }

    private static double Sum(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        return sum;
    }
}
