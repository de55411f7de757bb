namespace Onnx.Llama.Conversion.Families;

/// <summary>How a router's scores become the chosen experts' weights.</summary>
public abstract record Routing
{
    private Routing()
    {
    }

    /// <summary>The k greatest of <c>softmax(scores)</c>.</summary>
    /// <param name="Normalized">Whether the chosen weights are divided by their sum; that is the softmax over the chosen scores.</param>
    public sealed record Softmax(bool Normalized) : Routing;

    /// <summary>
    /// DeepSeek-V3's (arXiv:2412.19437): <c>s = sigmoid(scores)</c>; the experts stand in groups, of which the best by the sum of its two greatest
    /// <c>s + bias</c> remain, the others' become 0; of these the k greatest are chosen. The weights are s, divided by their sum where
    /// <paramref name="Normalized"/>, times <paramref name="Scale"/>.
    /// </summary>
    /// <param name="Groups">Number of groups.</param>
    /// <param name="ChosenGroups">How many remain.</param>
    /// <param name="Normalized">Whether the chosen weights are divided by their sum.</param>
    /// <param name="Scale">The factor of the weights.</param>
    public sealed record BiasedSigmoid(int Groups, int ChosenGroups, bool Normalized, float Scale) : Routing;

    /// <summary>
    /// Phi-3.5-MoE's sparse mixer (arXiv:2310.00811, 2409.12136) of two experts. The greatest score m is chosen; its weight is its share of the softmax
    /// over the scores s with <c>(m - s) / max(|s|, m) &lt;= 2 * jitter</c>. The second is chosen in the same way from the others. The weights' sum is not 1.
    /// </summary>
    /// <param name="Jitter">Half of the relative distance at which scores still count.</param>
    public sealed record SparseMixer(float Jitter) : Routing;
}
