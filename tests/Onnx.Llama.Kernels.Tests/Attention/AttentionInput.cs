using Onnx.Llama.Kernels.Attention;

namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>Whole texts to attend over: random queries, keys and values for every token of every row, and the rules of a model.</summary>
internal sealed class AttentionInput
{
    public AttentionInput(int seed, int heads, int kvHeads, int headSize, params int[] lengths)
    {
        Random random = new(seed);
        (Heads, KvHeads, HeadSize, Lengths) = (heads, kvHeads, headSize, lengths);
        Packed = [.. lengths.Select(length => Numbers(random, length * TokenWidth))];
    }

    public int Heads { get; }

    public int KvHeads { get; }

    public int HeadSize { get; }

    /// <summary>Tokens of each row.</summary>
    public int[] Lengths { get; }

    /// <summary>Packed QKV of each row: [tokens, (heads + 2 * kvHeads) * headSize].</summary>
    public float[][] Packed { get; }

    public int TokenWidth => (Heads + (2 * KvHeads)) * HeadSize;

    public int RotarySize { get; init; }

    public bool Interleaved { get; init; }

    public float Scale { get; init; }

    public float Softcap { get; init; }

    public int Window { get; init; }

    public float[]? Sinks { get; init; }

    public bool Smooth { get; init; }

    /// <summary>[positions, rotarySize / 2].</summary>
    public float[] Cos => Turns(Math.Cos);

    public float[] Sin => Turns(Math.Sin);

    /// <summary>A random case: every feature on or off, odd sizes.</summary>
    public static AttentionInput Random(int seed)
    {
        Random random = new(seed);
        int kvHeads = random.Next(1, 4);
        int heads = kvHeads * random.Next(1, 8);
        int headSize = 4 * random.Next(1, 41);
        int rotary = random.Next(3) switch { 0 => 0, 1 => headSize, _ => 2 * random.Next(1, (headSize / 2) + 1) };
        int[] lengths = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 140))];
        bool sinks = random.Next(3) == 0;
        return new(seed, heads, kvHeads, headSize, lengths)
        {
            RotarySize = rotary,
            Interleaved = random.Next(2) == 0,
            Scale = random.Next(2) == 0 ? 0 : 0.3f,
            Softcap = random.Next(3) == 0 ? 2 : 0,
            Window = random.Next(2) == 0 ? 0 : random.Next(1, 70),
            Sinks = sinks ? Numbers(random, heads) : null,
            Smooth = !sinks && random.Next(3) == 0,
        };
    }

    /// <summary>The same texts, some of the rows.</summary>
    public AttentionInput Rows(params int[] rows)
    {
        AttentionInput some = new(0, Heads, KvHeads, HeadSize, [.. rows.Select(row => Lengths[row])])
        {
            RotarySize = RotarySize,
            Interleaved = Interleaved,
            Scale = Scale,
            Softcap = Softcap,
            Window = Window,
            Sinks = Sinks,
            Smooth = Smooth,
        };
        for (int row = 0; row < rows.Length; row++) some.Packed[row] = Packed[rows[row]];
        return some;
    }

    public AttentionShape Shape(int tokens) => new(Lengths.Length, tokens, Heads, KvHeads, HeadSize);

    /// <summary>Some tokens of each row, right-padded: [rows, longest, (heads + 2 * kvHeads) * headSize].</summary>
    public float[] Part(int[] from, int[] tokens, float padding)
    {
        int longest = tokens.Max() * TokenWidth;
        float[] part = new float[tokens.Length * longest];
        Array.Fill(part, padding);
        for (int row = 0; row < tokens.Length; row++) Packed[row].AsSpan(from[row] * TokenWidth, tokens[row] * TokenWidth).CopyTo(part.AsSpan(row * longest));
        return part;
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];

    private float[] Turns(Func<double, double> function)
    {
        int half = RotarySize / 2;
        return
        [
            .. Enumerable.Range(0, Lengths.Max() * half)
                .Select(index => (float)function((index / half) * Math.Pow(10000, -(index % half) / (double)half))),
        ];
    }
}
