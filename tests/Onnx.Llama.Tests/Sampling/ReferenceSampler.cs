namespace Onnx.Llama.Tests.Sampling;

/// <summary>The four cuts in double precision over a full sort, as their definitions read.</summary>
internal static class ReferenceSampler
{
    /// <summary>The probabilities of the tokens that stay, by id.</summary>
    public static Dictionary<int, double> Distribution(ReadOnlySpan<float> logits, double temperature, int topK, double topP, double minP)
    {
        double[] scaled = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++) scaled[i] = logits[i] / temperature;
        int[] order = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => scaled[id]).ThenBy(id => id)];
        if (topK > 0) order = order[..Math.Min(topK, order.Length)];
        double greatest = scaled[order[0]];
        double total = order.Sum(id => Math.Exp(scaled[id] - greatest));
        List<int> kept = [];
        double before = 0;
        foreach (int id in order)
        {
            if (before >= topP && topP < 1) break;
            before += Math.Exp(scaled[id] - greatest) / total;
            if (Math.Exp(scaled[id] - greatest) >= minP) kept.Add(id);
        }

        double sum = kept.Sum(id => Math.Exp(scaled[id] - greatest));
        return kept.ToDictionary(id => id, id => Math.Exp(scaled[id] - greatest) / sum);
    }
}
