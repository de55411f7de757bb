using System.Numerics.Tensors;

namespace Onnx.Llama.Cli.Verification;

/// <summary>Differences of logits, summed over positions.</summary>
/// <param name="Greatest">The greatest difference of one logit; NaN if one of the model's is.</param>
/// <param name="SameTop">Positions whose most likely token agrees.</param>
/// <param name="Divergence">The sum of KL(reference || model), in nats.</param>
internal readonly record struct LogitDifferences(double Greatest, int SameTop, double Divergence)
{
    /// <summary>Adds one position.</summary>
    public LogitDifferences With(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        double greatest = Greatest;
        for (int i = 0; i < expected.Length; i++)
        {
            // Math.Max hands a NaN on, whatever comes after it.
            greatest = Math.Max(greatest, Math.Abs((double)expected[i] - found[i]));
        }

        bool same = TensorPrimitives.IndexOfMax(expected) == TensorPrimitives.IndexOfMax(found);
        return new LogitDifferences(greatest, SameTop + (same ? 1 : 0), Divergence + Kl(expected, found));
    }

    private static double Kl(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        double expectedLog = LogSumExp(expected);
        double foundLog = LogSumExp(found);
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double log = expected[i] - expectedLog;
            sum += Math.Exp(log) * (log - (found[i] - foundLog));
        }

        return sum;
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double greatest = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - greatest);
        return greatest + Math.Log(sum);
    }
}
