using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Settings that families share in how they are read, or that change the result in a way that is not implemented.</summary>
internal static class ConfigChecks
{
    /// <summary>Refuses a switch that is on.</summary>
    public static void RefuseOn(this HfConfig config, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (config.Flag(key, false)) throw config.Refuse(key, "false", "What it switches on is not supported.");
        }
    }

    /// <summary>Refuses any value but one, where the key is there.</summary>
    public static void RefuseOther(this HfConfig config, string key, string only)
    {
        if (config.OptionalText(key) is { } given && given != only) throw config.Refuse(key, $"\"{only}\"", "Other kinds are not supported.");
    }

    /// <summary>An integer of 0 or more.</summary>
    public static int Count(this HfConfig config, string key, int @default) => config.Ids(key) switch
    {
        [] => @default,
        [int count] => count,
        _ => throw config.Refuse(key, "one integer", ""),
    };

    /// <summary>A number that is absent or 0 where the family does without.</summary>
    public static float? Positive(this HfConfig config, string key)
    {
        if (config.OptionalDouble(key) is not { } value) return null;
        return value > 0 && float.IsFinite((float)value) ? (float)value : throw config.Refuse(key, "a positive number", "");
    }

    /// <summary>
    /// Windows of the layers (transformers' layer_types), and rotations where they differ: sliding_window is the number of keys that a query sees, its own
    /// included, in layers of the kind sliding_attention.
    /// </summary>
    /// <param name="spec">The facts so far.</param>
    /// <param name="config">The config.</param>
    /// <param name="slides">Whether a layer slides where layer_types is absent.</param>
    /// <param name="window">The family's window where sliding_window is absent.</param>
    /// <param name="key">The setting that <paramref name="slides"/> comes from, if it comes from one: both must say the same.</param>
    public static DecoderSpec WithLayerTypes(this DecoderSpec spec, HfConfig config, Func<int, bool> slides, int? window = null, string? key = null)
    {
        const string Key = "layer_types";
        bool[] sliding = [.. Enumerable.Range(0, spec.Layers).Select(slides)];
        IReadOnlyList<string> types = config.Texts(Key);
        if (types.Count > 0)
        {
            if (types.Count != spec.Layers || types.Any(type => type is not (LayerKinds.Sliding or LayerKinds.Full)))
            {
                throw config.Refuse(
                    Key, FormattableString.Invariant($"one of 'full_attention' and 'sliding_attention' for each of the {spec.Layers} layers"), "Other kinds are not supported.");
            }

            bool[] typed = [.. types.Select(type => type == LayerKinds.Sliding)];
            if (key is not null && config.Has(key) && !typed.SequenceEqual(sliding))
            {
                throw config.Refuse(Key, $"another list of layers than '{key}' gives", "the same in both", "Remove the one that is wrong.");
            }

            sliding = typed;
        }

        if (!sliding.Contains(true)) return spec;
        int tokens = config.Window(spec.ContextLength) ?? window
            ?? throw config.Refuse("sliding_window", "missing", "a positive integer, since layers have sliding_attention", "");
        return spec with { Attention = [.. spec.Attention.Select((layer, index) => sliding[index] ? layer with { Window = tokens } : layer)] };
    }

    /// <summary>sliding_window, or null where it is absent.</summary>
    public static int? Window(this HfConfig config, int contextLength)
    {
        const string Key = "sliding_window";
        if (config.OptionalSize(Key) is not { } window) return null;
        return window <= contextLength ? window : throw config.Refuse(
            Key, FormattableString.Invariant($"at most the context, {contextLength} tokens"), "Check max_position_embeddings and sliding_window.");
    }

    /// <summary>The same window for all layers, if there is one.</summary>
    public static DecoderSpec WithWindow(this DecoderSpec spec, int? window) =>
        window is null ? spec : spec with { Attention = [.. spec.Attention.Select(layer => layer with { Window = window })] };

    /// <summary>The rotation of some layers replaced.</summary>
    public static DecoderSpec WithRope(this DecoderSpec spec, Func<LayerAttention, int, RopeConfig?> ropeOf) =>
        spec with { Attention = [.. spec.Attention.Select((layer, index) => layer with { Rope = ropeOf(layer, index) })] };
}
