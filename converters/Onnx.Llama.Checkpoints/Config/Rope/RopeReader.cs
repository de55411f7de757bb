using System.Globalization;
using System.Text.Json;

namespace Onnx.Llama.Checkpoints;

/// <summary>Reads <see cref="RopeConfig"/> from rope_theta and rope_scaling, or from rope_parameters.</summary>
internal sealed class RopeReader(HfConfig config, int maxPositions, double defaultTheta, double defaultPartialRotaryFactor)
{
    private const string OldKey = "rope_scaling";
    private const string NewKey = "rope_parameters";
    private const string ThetaKey = "rope_theta";
    private const string LocalThetaKey = "rope_local_base_freq";
    private const string PartialKey = "partial_rotary_factor";
    private const string TypeKey = "rope_type";
    private const string OldTypeKey = "type";
    private const string OriginalKey = "original_max_position_embeddings";
    private const string SlidingLayers = "sliding_attention";
    private const string Same = "the same in both";
    private const string Remove = "Remove the one that is wrong.";
    private const string UnknownTypeAdvice = "A scaling cannot be left out: the text would go wrong as it gets longer.";
    private const string KnownTypes = "default, linear, dynamic, yarn, llama3 or longrope";

    /// <summary>The embedding of one kind of layer, or of all where <paramref name="layerType"/> is null.</summary>
    public RopeConfig Read(string? layerType)
    {
        ConfigObject? old = config.Section(OldKey);
        ConfigObject? parameters = config.Section(NewKey);
        string[] layerTypes = [.. parameters?.Keys.Where(key => parameters.Peek(key)?.ValueKind == JsonValueKind.Object) ?? []];
        if (layerTypes.Length > 0) parameters = OfLayers(parameters!, layerTypes, layerType);
        else if (layerType == SlidingLayers && config.Has(LocalThetaKey)) return Local(parameters, old);

        double theta = Agreed(ThetaKey, parameters, old) ?? defaultTheta;
        double partial = Partial(parameters, old);
        RopeConfig? fromOld = old is null ? null : Read(old, theta, partial);
        RopeConfig? fromNew = parameters is null ? null : Read(parameters, theta, partial);
        if (fromOld is not null && fromNew is not null && fromOld != fromNew) throw Contradiction(parameters!, old!);
        return fromNew ?? fromOld ?? new RopeConfig.Default(theta, partial);
    }

    /// <summary>See <see cref="HfConfig.HasRopeOf"/>.</summary>
    public static bool HasRopeOf(HfConfig config, string layerType) =>
        (layerType == SlidingLayers && config.Has(LocalThetaKey)) || config.Section(NewKey)?.Peek(layerType) is not null;

    private RopeConfig.Default Local(ConfigObject? parameters, ConfigObject? old) => new(Positive(config, LocalThetaKey), Partial(parameters, old));

    private ConfigObject OfLayers(ConfigObject parameters, string[] layerTypes, string? layerType)
    {
        string found = $"given for each kind of layer ({Show.Names(layerTypes, 4)})";
        if (layerType is null) throw config.Refuse(NewKey, found, "one object for all layers", "This family does not rotate its layers differently.");
        return parameters.Section(layerType) ?? throw config.Refuse(NewKey, found, $"one for '{layerType}' among them", "");
    }

    private RopeConfig Read(ConfigObject rope, double theta, double partial) => Kind(rope) switch
    {
        "default" => new RopeConfig.Default(theta, partial),
        "linear" => new RopeConfig.Linear(theta, partial, Positive(rope, "factor")),
        "dynamic" => new RopeConfig.Dynamic(theta, partial, Positive(rope, "factor"), maxPositions),
        "yarn" => Yarn(rope, theta, partial),
        "llama3" => Llama3(rope, theta, partial),
        "longrope" => LongRope(rope, theta, partial),
        _ => throw rope.Refuse(rope.Has(TypeKey) ? TypeKey : OldTypeKey, KnownTypes, UnknownTypeAdvice),
    };

    private static string Kind(ConfigObject rope)
    {
        (string? type, string? oldType) = (Normal(rope.OptionalText(TypeKey)), Normal(rope.OptionalText(OldTypeKey)));
        if (type is not null && oldType is not null && type != oldType)
        {
            throw rope.Refuse(TypeKey, $"\"{Show.Text(type)}\", but '{OldTypeKey}' \"{Show.Text(oldType)}\"", Same, Remove);
        }

        if (type is null && oldType is null && rope.Keys.Any(key => key is not (ThetaKey or PartialKey))) throw rope.Refuse(TypeKey, KnownTypes, "");
        return type ?? oldType ?? "default";
    }

    private static CheckpointException Contradiction(ConfigObject parameters, ConfigObject old)
    {
        (string kind, string oldKind) = (Kind(parameters), Kind(old));
        if (kind != oldKind) return parameters.Refuse(TypeKey, $"\"{kind}\", but in '{OldKey}' \"{oldKind}\"", Same, Remove);
        string key = parameters.Keys.Concat(old.Keys).First(key => key is not (TypeKey or OldTypeKey) && !AreSame(parameters.Peek(key), old.Peek(key)));
        return parameters.Refuse(key, $"{JsonText.Describe(parameters.Peek(key))}, but '{old.PathOf(key)}' {JsonText.Describe(old.Peek(key))}", Same, Remove);
    }

    private static bool AreSame(JsonElement? one, JsonElement? other) =>
        one is { } a ? other is { } b && JsonElement.DeepEquals(a, b) : other is null;

    // "su" is what LongRoPE was called before it was published.
    private static string? Normal(string? type) => type == "su" ? "longrope" : type;

    private RopeConfig.Yarn Yarn(ConfigObject rope, double theta, double partial)
    {
        (double factor, int original) = Stretch(rope);
        return new RopeConfig.Yarn(
            theta, partial, factor, original,
            OptionalPositive(rope, "attention_factor"), rope.OptionalDouble("mscale"), rope.OptionalDouble("mscale_all_dim"),
            OptionalPositive(rope, "beta_fast") ?? 32, OptionalPositive(rope, "beta_slow") ?? 1, rope.Flag("truncate", true));
    }

    private RopeConfig.Llama3 Llama3(ConfigObject rope, double theta, double partial)
    {
        (double low, double high) = (Positive(rope, "low_freq_factor"), Positive(rope, "high_freq_factor"));
        if (high <= low) throw rope.Refuse("high_freq_factor", $"more than 'low_freq_factor', {Text(low)}", "");
        int original = Original(rope) ?? throw rope.Refuse(OriginalKey, "a positive integer", "");
        return new RopeConfig.Llama3(theta, partial, Positive(rope, "factor"), low, high, original);
    }

    private RopeConfig.LongRope LongRope(ConfigObject rope, double theta, double partial)
    {
        var (shortFactor, longFactor) = (rope.Doubles("short_factor"), rope.Doubles("long_factor"));
        if (shortFactor.IsEmpty || shortFactor.Any(factor => factor <= 0))
        {
            throw rope.Refuse("short_factor", "a list of positive numbers, one for each rotated pair", "");
        }

        if (longFactor.Length != shortFactor.Length || longFactor.Any(factor => factor <= 0))
        {
            throw rope.Refuse("long_factor", $"a list of {shortFactor.Length} positive numbers, as many as 'short_factor' has", "");
        }

        (double factor, int original) = Stretch(rope);
        return new RopeConfig.LongRope(theta, partial, shortFactor, longFactor, factor, OptionalPositive(rope, "attention_factor"), original);
    }

    // Each follows from the other and the context, but one has to be there.
    private (double Factor, int Original) Stretch(ConfigObject rope)
    {
        (double? factor, int? original) = (OptionalPositive(rope, "factor"), Original(rope));
        if (factor is null && original is null) throw rope.Refuse("factor", $"a positive number, or '{OriginalKey}'", "");
        return (factor ?? (double)maxPositions / original!.Value, original ?? maxPositions);
    }

    // Phi writes it beside the object, others within it, transformers 5 in both places.
    private int? Original(ConfigObject rope)
    {
        (int? inside, int? outside) = (rope.OptionalSize(OriginalKey), config.OptionalSize(OriginalKey));
        if (inside is null || outside is null || inside == outside) return inside ?? outside;
        throw rope.Refuse(OriginalKey, $"{inside}, but '{OriginalKey}' {outside}", Same, Remove);
    }

    private double Partial(ConfigObject? parameters, ConfigObject? old)
    {
        double partial = Agreed(PartialKey, parameters, old) ?? defaultPartialRotaryFactor;
        return partial <= 1 ? partial : throw config.Refuse(PartialKey, Text(partial), "a number above 0, at most 1", "");
    }

    // The value of a key that may stand in the file's own object and in those of RoPE.
    private double? Agreed(string key, params ReadOnlySpan<ConfigObject?> places)
    {
        double? agreed = OptionalPositive(config, key);
        string where = key;
        foreach (ConfigObject? place in places)
        {
            if (place is null || OptionalPositive(place, key) is not { } value) continue;
            if (agreed is { } other && other != value)
            {
                throw place.Refuse(key, $"{Text(value)}, but '{where}' {Text(other)}", Same, Remove);
            }

            (agreed, where) = (value, place.PathOf(key));
        }

        return agreed;
    }

    private static double Positive(ConfigObject rope, string key) => OptionalPositive(rope, key) ?? throw rope.Refuse(key, "a positive number", "");

    private static double? OptionalPositive(ConfigObject rope, string key)
    {
        double? value = rope.OptionalDouble(key);
        return value is null or > 0 ? value : throw rope.Refuse(key, "a positive number", "");
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
