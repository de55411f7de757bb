using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>One expert's output for one position, in plain loops: <c>down(f(gate(x), up(x)))</c>. Matrices are [outputs, inputs].</summary>
internal sealed record ExpertFormula(float[] Gate, float[] Up, float[] Down, float[]? GateBias = null, float[]? UpBias = null, float[]? DownBias = null)
{
    public double[] Of(float[] x, ClampedGate? clamped = null)
    {
        double[] gate = Product(Gate, GateBias, [.. x.Select(value => (double)value)]);
        double[] up = Product(Up, UpBias, [.. x.Select(value => (double)value)]);
        return Product(Down, DownBias, [.. gate.Zip(up, (g, u) => clamped is null ? g / (1 + Math.Exp(-g)) * u : Clamped(g, u, clamped))]);
    }

    private static double Clamped(double gate, double up, ClampedGate settings)
    {
        double g = Math.Min(gate, settings.Limit);
        return g / (1 + Math.Exp(-settings.Alpha * g)) * (Math.Clamp(up, -settings.Limit, settings.Limit) + 1);
    }

    private static double[] Product(float[] matrix, float[]? bias, double[] x)
    {
        double[] y = new double[matrix.Length / x.Length];
        for (int row = 0; row < y.Length; row++)
        {
            y[row] = bias?[row] ?? 0;
            for (int column = 0; column < x.Length; column++) y[row] += matrix[(row * x.Length) + column] * x[column];
        }

        return y;
    }
}
