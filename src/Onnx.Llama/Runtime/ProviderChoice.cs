using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>Chooses where a model runs, and says why not elsewhere.</summary>
/// <param name="folder">The model's folder, for messages.</param>
/// <param name="variants">The folder's graphs.</param>
/// <param name="available">The providers that the native library was built with, by ONNX Runtime's names.</param>
internal sealed class ProviderChoice(string folder, IReadOnlyList<ModelVariant> variants, IReadOnlyCollection<string> available)
{
    private readonly List<ProviderDecision> _decisions = [];

    /// <summary>One per provider, in the order looked at.</summary>
    public IReadOnlyList<ProviderDecision> Decisions => _decisions;

    /// <summary>Opens the first variant that can be opened.</summary>
    /// <param name="wanted">A provider, or <see cref="Provider.Auto"/>.</param>
    /// <param name="open">Opens a variant; a <see cref="ModelException"/> tells why it cannot be.</param>
    /// <exception cref="ModelException">None can; the message has every reason.</exception>
    public T Open<T>(Provider wanted, Func<ModelVariant, Provider, T> open) where T : class
    {
        T? opened = null;
        foreach (ProviderFacts facts in ProviderFacts.InOrder)
        {
            if (opened is not null) Refuse(facts, Obstacle(facts) ?? "another provider, which comes before it, was taken");
            else if (wanted != Provider.Auto && wanted != facts.Provider) Refuse(facts, "another provider was asked for");
            else opened = TryOpen(facts, wanted, open);
        }

        return opened ?? throw Nothing(wanted);
    }

    private T? TryOpen<T>(ProviderFacts facts, Provider wanted, Func<ModelVariant, Provider, T> open) where T : class
    {
        if (Obstacle(facts) is { } obstacle)
        {
            Refuse(facts, obstacle);
            return null;
        }

        try
        {
            T opened = open(Variant(facts)!, facts.Provider);
            _decisions.Add(new ProviderDecision(facts.Provider, Taken: true, wanted == Provider.Auto ? "the first that can run it" : "asked for"));
            return opened;
        }
        catch (ModelException fault) when (wanted == Provider.Auto && facts.Provider != Provider.Cpu)
        {
            Refuse(facts, fault.Message);
            return null;
        }
    }

    private string? Obstacle(ProviderFacts facts)
    {
        if (Variant(facts) is null) return $"{folder} has no variant for it; convert the checkpoint with one";
        return available.Contains(facts.OnnxRuntimeName) ? null : $"the ONNX Runtime in this application was built without it; use the package {facts.Package}";
    }

    private ModelVariant? Variant(ProviderFacts facts) => variants.FirstOrDefault(variant => variant.Provider == facts.Variant);

    private void Refuse(ProviderFacts facts, string reason) => _decisions.Add(new ProviderDecision(facts.Provider, Taken: false, reason));

    private ModelException Nothing(Provider wanted) => new(
        folder,
        $"no provider can run it ({string.Join("; ", _decisions.Select(decision => $"{decision.Provider}: {decision.Reason}"))})",
        wanted == Provider.Auto ? "one of CUDA, DirectML and CPU" : wanted.ToString());
}
