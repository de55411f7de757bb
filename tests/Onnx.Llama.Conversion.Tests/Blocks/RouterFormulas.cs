using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Blocks;

/// <summary>What each routing makes of one position's scores, as the papers and transformers have it: the weight of each expert, 0 where not chosen.</summary>
internal static class RouterFormulas
{
    public static double[] Weights(Routing routing, int chosen, float[] scores, float[] bias) => routing switch
    {
        Routing.Softmax(var normalized) => Softmax(scores, chosen, normalized),
        Routing.BiasedSigmoid sigmoid => BiasedSigmoid(scores, bias, chosen, sigmoid),
        Routing.SparseMixer(var jitter) => SparseMixer(scores, jitter),
        _ => throw new ArgumentOutOfRangeException(nameof(routing)),
    };

    private static double[] Softmax(float[] scores, int chosen, bool normalized)
    {
        double[] powers = [.. scores.Select(score => Math.Exp(score))];
        int[] best = Best([.. scores.Select(score => (double)score)], chosen);
        double sum = normalized ? best.Sum(expert => powers[expert]) : powers.Sum();
        return [.. powers.Select((power, expert) => best.Contains(expert) ? power / sum : 0)];
    }

    private static double[] BiasedSigmoid(float[] scores, float[] bias, int chosen, Routing.BiasedSigmoid routing)
    {
        double[] sigmoid = [.. scores.Select(score => 1 / (1 + Math.Exp(-score)))];
        double[] choice = [.. sigmoid.Zip(bias, (s, b) => s + b)];
        int size = scores.Length / routing.Groups;
        if (routing.Groups > 1)
        {
            double[] groups = [.. choice.Chunk(size).Select(group => group.OrderDescending().Take(2).Sum())];
            int[] remaining = Best(groups, routing.ChosenGroups);
            choice = [.. choice.Select((value, expert) => remaining.Contains(expert / size) ? value : 0)];
        }

        int[] best = Best(choice, chosen);
        double sum = routing.Normalized ? best.Sum(expert => sigmoid[expert]) : 1;
        return [.. sigmoid.Select((s, expert) => best.Contains(expert) ? s / sum * routing.Scale : 0)];
    }

    private static double[] SparseMixer(float[] scores, float jitter)
    {
        double[] weights = new double[scores.Length];
        List<int> taken = [];
        for (int round = 0; round < 2; round++)
        {
            int[] left = [.. Enumerable.Range(0, scores.Length).Except(taken)];
            int best = left.MaxBy(expert => scores[expert]);
            double greatest = scores[best];
            double sum = left.Where(expert => !((greatest - scores[expert]) / Math.Max(Math.Abs(scores[expert]), greatest) > 2 * jitter))
                .Sum(expert => Math.Exp(scores[expert] - greatest));
            weights[best] = 1 / sum;
            taken.Add(best);
        }

        return weights;
    }

    /// <summary>The greatest; of equal ones the first.</summary>
    private static int[] Best(double[] values, int count) => [.. Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).Take(count)];
}
