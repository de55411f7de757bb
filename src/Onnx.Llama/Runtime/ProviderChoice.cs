using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>Chooses where a model runs, and says why not elsewhere.</summary>
/// <param name="folder">The model's folder, for messages.</param>
/// <param name="variants">The folder's graphs.</param>
/// <param name="named">The graph to run, as <see cref="ModelOptions.Variant"/> names it; null for each provider's own.</param>
/// <param name="machine">What there is to run on.</param>
internal sealed class ProviderChoice(string folder, IReadOnlyList<ModelVariant> variants, string? named, IMachine machine)
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
        RefuseUnknownVariant();
        T? opened = null;
        foreach (ProviderFacts facts in ProviderFacts.InOrder)
        {
            if (opened is not null) Refuse(facts, Obstacle(facts, wanted) ?? "another provider, which comes before it, was taken");
            else if (wanted != Provider.Auto && wanted != facts.Provider) Refuse(facts, "another provider was asked for");
            else opened = TryOpen(facts, wanted, open);
        }

        return opened ?? throw Nothing(wanted);
    }

    private T? TryOpen<T>(ProviderFacts facts, Provider wanted, Func<ModelVariant, Provider, T> open) where T : class
    {
        if (Obstacle(facts, wanted) is { } obstacle)
        {
            Refuse(facts, obstacle);
            return null;
        }

        try
        {
            T opened = open(Variant(facts, wanted)!, facts.Provider);
            _decisions.Add(new ProviderDecision(facts.Provider, Taken: true, wanted == Provider.Auto ? "the first that can run it" : "asked for"));
            return opened;
        }
        catch (ModelException fault) when (wanted == Provider.Auto && facts.Provider != Provider.Cpu)
        {
            Refuse(facts, fault.Message);
            return null;
        }
    }

    private string? Obstacle(ProviderFacts facts, Provider wanted)
    {
        if (Variant(facts, wanted) is null)
        {
            return named is null ? $"{folder} has no variant for it; convert the checkpoint with one" : $"the variant '{named}' was asked for, which is not for it";
        }

        return machine.BuiltIn.Contains(facts.OnnxRuntimeName) ? machine.Missing(facts.Provider) : facts.NotBuiltIn;
    }

    /// <summary>The graph for a provider: its own, or the one named, if it is for this provider or this provider was asked for.</summary>
    private ModelVariant? Variant(ProviderFacts facts, Provider wanted) => variants.FirstOrDefault(variant =>
        (named is null || IsNamed(variant)) && (variant.Provider == facts.Variant || (named is not null && wanted == facts.Provider)));

    private bool IsNamed(ModelVariant variant) => variant.Provider == named || variant.File == named;

    private void RefuseUnknownVariant()
    {
        if (named is null || variants.Any(IsNamed)) return;
        throw new ModelException(
            folder, $"has no variant '{named}'", $"one of {string.Join(", ", variants.Select(variant => $"{variant.Provider} ({variant.File})"))}", "Convert the checkpoint with it.");
    }

    private void Refuse(ProviderFacts facts, string reason) => _decisions.Add(new ProviderDecision(facts.Provider, Taken: false, reason));

    private ModelException Nothing(Provider wanted) => new(
        folder,
        $"no provider can run it ({string.Join("; ", _decisions.Select(decision => $"{decision.Provider}: {decision.Reason}"))})",
        wanted == Provider.Auto ? "one of CUDA, DirectML and CPU" : wanted.ToString());
}
