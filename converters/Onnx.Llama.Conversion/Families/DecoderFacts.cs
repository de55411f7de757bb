using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Reads from a config.json what all families have: sizes, norm, rotation, activation, head.</summary>
internal static class DecoderFacts
{
    /// <summary>Far beyond any model (they have 64 to 256), and small enough to make a table of.</summary>
    private const int GreatestHeadDim = 1 << 16;

    /// <summary>The facts, all layers alike, without biases.</summary>
    public static DecoderSpec Read(HfConfig config, ConfigDefaults defaults)
    {
        int hidden = config.Size("hidden_size");
        int layers = config.Size("num_hidden_layers");
        int heads = config.Size("num_attention_heads");
        int kvHeads = config.Size("num_key_value_heads", defaults.KvHeads ?? heads);
        if (heads % kvHeads != 0)
        {
            throw config.Refuse(
                "num_key_value_heads",
                Text(kvHeads),
                $"a divisor of num_attention_heads ({Text(heads)})",
                "Check config.json against the checkpoint's source.");
        }

        int positions = config.Size("max_position_embeddings", defaults.Positions);
        RopeConfig rope = config.Rope(positions, defaults.Theta, defaults.RotaryShare, defaults.RotatedLayers);
        return new DecoderSpec
        {
            ModelType = config.ModelType,
            Hidden = hidden,
            Layers = layers,
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = HeadDim(config, hidden, heads, rope, defaults.HeadDim),
            FeedForward = config.Size("intermediate_size"),
            Vocabulary = config.Size("vocab_size"),
            ContextLength = ContextLength(config, positions, rope),
            Norm = defaults.EpsilonKey is { } key ? defaults.Norm with { Epsilon = config.Number(key, defaults.Norm.Epsilon) } : defaults.Norm,
            Attention = DecoderSpec.Alike(layers, new LayerAttention(rope)),
            Activation = ReadActivation(config, defaults),
            TiedHead = config.Flag("tie_word_embeddings", defaults.TiedHead),
        };
    }

    /// <summary>As given, or else the equal share of a head. Rotation takes the dimensions of a head in pairs, so what turns is even.</summary>
    private static int HeadDim(HfConfig config, int hidden, int heads, RopeConfig rope, int? @default)
    {
        const string Key = "head_dim";
        int? given = config.OptionalSize(Key) ?? @default;
        if (given is null && hidden % heads != 0)
        {
            throw config.Refuse(
                "hidden_size",
                Text(hidden),
                $"a multiple of num_attention_heads ({Text(heads)}), since head_dim is absent",
                "Add head_dim, or correct the sizes.");
        }

        int headDim = given ?? hidden / heads;
        bool isEven = headDim % 2 == 0 && (int)(headDim * rope.PartialRotaryFactor) is > 0 and var turned && turned % 2 == 0;
        if (isEven && headDim <= GreatestHeadDim && (long)headDim * heads <= int.MaxValue) return headDim;
        throw config.Refuse(
            Key,
            given is null ? $"{Text(headDim)} (hidden_size {Text(hidden)} / num_attention_heads {Text(heads)})" : Text(headDim),
            FormattableString.Invariant($"an even number up to {GreatestHeadDim}, of which an even share ({rope.PartialRotaryFactor}) turns, ")
            + $"and times num_attention_heads ({Text(heads)}) at most {Text(int.MaxValue)}",
            "Rotation takes the dimensions of a head in pairs; check config.json against the checkpoint's source.");
    }

    /// <summary>NTK-aware scaling keeps working beyond the config's positions, up to its factor; the other kinds state the stretched length.</summary>
    private static int ContextLength(HfConfig config, int positions, RopeConfig rope)
    {
        if (rope is not RopeConfig.Dynamic dynamic) return positions;
        double stretched = Math.Max(positions, positions * dynamic.Factor);
        return stretched <= int.MaxValue ? (int)stretched : throw config.Refuse(
            "max_position_embeddings",
            Text(positions),
            FormattableString.Invariant($"at most {int.MaxValue} positions after scaling by the rotation's factor {dynamic.Factor}"),
            "Check config.json against the checkpoint's source.");
    }

    private static Activation ReadActivation(HfConfig config, ConfigDefaults defaults)
    {
        string[] given = [.. defaults.ActivationKeys.Where(config.Has)];
        string[] names = [.. given.Select(key => config.Text(key))];
        return (names.Length == 0 ? defaults.Activation : names[0]) switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
            "relu2" => Activation.Relu2,
            "xielu" => Activation.Xielu,
            _ => throw config.Refuse(
                given[0], "'silu', 'gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu2' or 'xielu'", "Other activations are not supported."),
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
