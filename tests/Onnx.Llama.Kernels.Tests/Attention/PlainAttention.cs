namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>Attention from its formula in float64: all scores of a query, then their softmax, then the weighted sum.</summary>
internal static class PlainAttention
{
    /// <summary>Outputs of each row, [tokens, heads * headSize].</summary>
    public static double[][] Run(AttentionInput input) => [.. Enumerable.Range(0, input.Lengths.Length).Select(row => Row(input, row))];

    private static double[] Row(AttentionInput input, int row)
    {
        double[] output = new double[input.Lengths[row] * input.Heads * input.HeadSize];
        for (int kvHead = 0; kvHead < input.KvHeads; kvHead++)
        {
            double[][] keys = [.. Enumerable.Range(0, input.Lengths[row]).Select(token => Turn(input, token, Part(input, row, token, input.Heads + kvHead)))];
            double[][] values =
                [.. Enumerable.Range(0, input.Lengths[row]).Select(token => Part(input, row, token, input.Heads + input.KvHeads + kvHead))];
            int group = input.Heads / input.KvHeads;
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            {
                for (int token = 0; token < input.Lengths[row]; token++)
                {
                    double[] query = Turn(input, token, Part(input, row, token, head));
                    Query(input, head, token, query, keys, values).CopyTo(output, ((token * input.Heads) + head) * input.HeadSize);
                }
            }
        }

        return output;
    }

    private static double[] Query(AttentionInput input, int head, int token, double[] query, double[][] keys, double[][] values)
    {
        int from = input.Window > 0 ? Math.Max(0, token - input.Window + 1) : 0;
        double scale = input.Scale == 0 ? 1 / Math.Sqrt(input.HeadSize) : input.Scale;
        double[] scores = [.. Enumerable.Range(from, token + 1 - from).Select(key => Cap(input, scale * query.Zip(keys[key], (q, k) => q * k).Sum()))];
        double? sink = input.Sinks?[head] ?? (input.Smooth ? 0 : null);
        double largest = Math.Max(scores.Max(), sink ?? double.NegativeInfinity);
        double[] weights = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = weights.Sum() + (sink is { } extra ? Math.Exp(extra - largest) : 0);
        return [.. Enumerable.Range(0, input.HeadSize).Select(element => weights.Select((weight, key) => weight * values[from + key][element]).Sum() / sum)];
    }

    private static double Cap(AttentionInput input, double score) => input.Softcap > 0 ? input.Softcap * Math.Tanh(score / input.Softcap) : score;

    private static double[] Part(AttentionInput input, int row, int token, int index)
    {
        int from = (token * input.TokenWidth) + (index * input.HeadSize);
        return [.. input.Packed[row][from..(from + input.HeadSize)].Select(value => (double)value)];
    }

    private static double[] Turn(AttentionInput input, int position, double[] head)
    {
        double[] turned = [.. head];
        int half = input.RotarySize / 2;
        for (int pair = 0; pair < half; pair++)
        {
            (int left, int right) = input.Interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + half);
            double angle = position * Math.Pow(10000, -pair / (double)half);
            turned[left] = (head[left] * Math.Cos(angle)) - (head[right] * Math.Sin(angle));
            turned[right] = (head[right] * Math.Cos(angle)) + (head[left] * Math.Sin(angle));
        }

        return turned;
    }
}
