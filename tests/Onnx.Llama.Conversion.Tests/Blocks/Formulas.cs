namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>The formulas of the papers, in float64.</summary>
internal static class Formulas
{
    /// <summary>RMSNorm, or LayerNorm where centred, without gain.</summary>
    public static double[] Norm(float[] x, double epsilon, bool centered)
    {
        double mean = centered ? x.Average(value => (double)value) : 0;
        double square = x.Average(value => (value - mean) * (value - mean));
        return [.. x.Select(value => (value - mean) / Math.Sqrt(square + epsilon))];
    }

    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    public static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>x times the normal distribution's function, which is integrated by Simpson's rule.</summary>
    public static double Gelu(double x)
    {
        const int Steps = 2000;
        double width = x / Steps;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-(i * width) * (i * width) / 2);
        }

        return x * (0.5 + (sum * width / 3 / Math.Sqrt(2 * Math.PI)));
    }

    public static double Relu2(double x) => x > 0 ? x * x : 0;

    /// <summary>xIELU with its stored parameters.</summary>
    public static double Xielu(double x, double alphaP, double alphaN, double beta, double eps)
    {
        double a = Math.Log(1 + Math.Exp(alphaP));
        double n = beta + Math.Log(1 + Math.Exp(alphaN));
        return (x > 0 ? a * x * x : n * (Math.Exp(Math.Min(x, eps)) - 1 - x)) + (beta * x);
    }
}
