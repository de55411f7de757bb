using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Norms;

namespace Onnx.Llama.Kernels.Tests.Norms;

/// <summary>Random rows to normalise.</summary>
internal sealed unsafe class NormInput
{
    public NormInput(int seed, int rows, int width)
    {
        Random random = new(seed);
        (Rows, Width) = (rows, width);
        (Input, Skip) = (Numbers(random, rows * width), Numbers(random, rows * width));
        (SkipBias, Weight, Bias) = (Numbers(random, width), Numbers(random, width), Numbers(random, width));
    }

    public int Rows { get; }

    public int Width { get; }

    public float[] Input { get; init; }

    public float[]? Skip { get; init; }

    public float[]? SkipBias { get; init; }

    public float[] Weight { get; init; }

    public float[]? Bias { get; init; }

    public bool Centered { get; init; }

    public bool AsksSum { get; init; }

    public float Epsilon { get; init; } = 1e-5f;

    public static NormInput Random(int seed)
    {
        Random random = new(seed);
        NormInput all = new(seed, random.Next(1, 40), random.Next(1, 200));
        bool skips = random.Next(2) == 0;
        return new(seed, all.Rows, all.Width)
        {
            Skip = skips ? all.Skip : null,
            SkipBias = random.Next(2) == 0 ? all.SkipBias : null,
            Bias = random.Next(2) == 0 ? all.Bias : null,
            Centered = random.Next(2) == 0,
            AsksSum = skips && random.Next(2) == 0,
        };
    }

    /// <summary>One of the rows, of an input that has all there can be.</summary>
    public NormInput Alone(int row) => new(0, 1, Width)
    {
        Input = Input[(row * Width)..((row + 1) * Width)],
        Skip = Skip![(row * Width)..((row + 1) * Width)],
        SkipBias = SkipBias,
        Weight = Weight,
        Bias = Bias,
        Centered = Centered,
        AsksSum = AsksSum,
    };

    /// <summary>Output and sum as a form computes them; an empty sum where none was asked for.</summary>
    public (float[] Output, float[] Sum) Run(InstructionSet form)
    {
        float[] output = new float[Rows * Width];
        float[] sum = new float[AsksSum ? Rows * Width : 0];
        fixed (float* input = Input, skip = Skip, skipBias = SkipBias, weight = Weight, bias = Bias, outputAt = output, sumAt = sum)
        {
            NormCall call = new()
            {
                Form = form,
                Rows = Rows,
                Width = Width,
                Centered = Centered,
                Epsilon = Epsilon,
                Input = input,
                Skip = skip,
                SkipBias = skipBias,
                Weight = weight,
                Bias = bias,
                Output = outputAt,
                Sum = sumAt,
            };
            for (int task = call.Tasks - 1; task >= 0; task--) call.Run(task);
        }

        return (output, sum);
    }

    /// <summary>The formula in float64.</summary>
    public (double[] Output, double[] Sum) Plain()
    {
        double[] sum = [.. Input.Select((value, index) => Skip == null ? value : value + (double)Skip[index] + (SkipBias?[index % Width] ?? 0))];
        return ([.. sum.Chunk(Width).SelectMany(Row)], AsksSum ? sum : []);
    }

    private IEnumerable<double> Row(double[] values)
    {
        double mean = Centered ? values.Average() : 0;
        double variance = values.Select(value => (value - mean) * (value - mean)).Average();
        return values.Select((value, index) => ((value - mean) / Math.Sqrt(variance + Epsilon) * Weight[index]) + (Bias?[index] ?? 0));
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
}
