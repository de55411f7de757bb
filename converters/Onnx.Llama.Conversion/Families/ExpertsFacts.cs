using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Reads from a config.json what all mixtures of experts have.</summary>
internal static class ExpertsFacts
{
    /// <summary>transformers' names of one fact: each family has one of them, and both spellings of a config another.</summary>
    private static readonly string[] s_countKeys = ["num_local_experts", "num_experts", "n_routed_experts"];
    private static readonly string[] s_chosenKeys = ["num_experts_per_tok", "experts_per_token"];

    private const string Advice = "Check config.json against the checkpoint's source.";

    /// <summary>The facts.</summary>
    /// <param name="config">The config.</param>
    /// <param name="spec">The decoder's other facts.</param>
    /// <param name="width">Width of an expert's inner layer.</param>
    /// <param name="routing">How scores become weights.</param>
    /// <param name="hasExperts">Whether a layer has experts; null where all have.</param>
    public static ExpertsSpec Read(HfConfig config, DecoderSpec spec, int width, Routing routing, Func<int, bool>? hasExperts = null)
    {
        if (spec.Activation != Activation.Silu) throw config.Refuse("hidden_act", "'silu'", "The operators of experts have no other gate.");
        int count = One(config, s_countKeys);
        int chosen = One(config, s_chosenKeys);
        if (chosen > count)
        {
            throw config.Refuse(
                s_chosenKeys.First(config.Has),
                Text(chosen),
                $"at most {s_countKeys.First(config.Has)} ({Text(count)})",
                "A token cannot take more experts than there are; check config.json against the checkpoint's source.");
        }

        return new ExpertsSpec
        {
            Count = count,
            Chosen = chosen,
            Width = width,
            Routing = routing,
            InLayer = [.. Enumerable.Range(0, spec.Layers).Select(hasExperts ?? (_ => true))],
        };
    }

    /// <summary>Layers with experts as Qwen's families state them: each decoder_sparse_step-th, but for those in mlp_only_layers.</summary>
    public static Func<int, bool> SparseLayers(HfConfig config)
    {
        int step = config.Size("decoder_sparse_step", 1);
        HashSet<int> plain = [.. config.Ids("mlp_only_layers")];
        return layer => !plain.Contains(layer) && (layer + 1) % step == 0;
    }

    /// <summary>Refuses groups that the experts cannot be divided into, or that have too few of them.</summary>
    public static void RefuseGroups(HfConfig config, ExpertsSpec experts, Routing.BiasedSigmoid routing)
    {
        int size = experts.Count / routing.Groups;
        if (experts.Count % routing.Groups != 0 || (routing.Groups > 1 && size < 2))
        {
            throw config.Refuse(
                "n_group", Text(routing.Groups), $"a divisor of the number of experts ({Text(experts.Count)}), with two experts or more in a group", Advice);
        }

        if (routing.ChosenGroups > routing.Groups)
        {
            throw config.Refuse("topk_group", Text(routing.ChosenGroups), $"at most n_group ({Text(routing.Groups)})", Advice);
        }

        if (experts.Chosen > routing.ChosenGroups * size)
        {
            throw config.Refuse(
                s_chosenKeys.First(config.Has), Text(experts.Chosen), $"at most the {Text(routing.ChosenGroups * size)} experts of topk_group groups", Advice);
        }
    }

    /// <summary>A fact that has several names.</summary>
    private static int One(HfConfig config, string[] keys)
    {
        string[] given = [.. keys.Where(config.Has)];
        int value = config.Size(given.Length == 0 ? keys[0] : given[0]);
        foreach (string key in given.Skip(1))
        {
            if (config.Size(key) is var other && other != value)
            {
                throw config.Refuse(key, Text(other), $"the same as {given[0]} ({Text(value)})", "Remove the one that is wrong.");
            }
        }

        return value;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
