using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>
/// Llama 1 to 3.3 (arXiv:2302.13971, 2307.09288, 2407.21783) and what shares its architecture: TinyLlama, Yi, CodeLlama, Vicuna, DeepSeek-LLM.
/// Reference: transformers, models/llama/modeling_llama.py.
/// </summary>
internal static class LlamaFamily
{
    public static readonly ModelFamily Family = new("llama", Describe);

    /// <summary>Far beyond any model (they have 64 to 256), and small enough to make a table of.</summary>
    private const int GreatestHeadDim = 1 << 16;

    /// <summary>The facts of a Llama config; other families start from these.</summary>
    public static DecoderSpec Describe(HfConfig config)
    {
        int hidden = config.Size("hidden_size");
        int heads = config.Size("num_attention_heads");
        int kvHeads = config.Size("num_key_value_heads", heads);
        if (heads % kvHeads != 0)
        {
            throw config.Refuse(
                "num_key_value_heads",
                Text(kvHeads),
                $"a divisor of num_attention_heads ({Text(heads)})",
                "Check config.json against the checkpoint's source.");
        }

        string activation = config.Text("hidden_act", "silu");
        if (activation is not ("silu" or "swish"))
        {
            throw config.Refuse("hidden_act", "'silu'", "Other activations of this family are not supported.");
        }

        bool attentionBias = config.Flag("attention_bias", false);
        int positions = config.Size("max_position_embeddings", 2048);
        RopeConfig rope = config.Rope(positions);
        if (rope.PartialRotaryFactor != 1)
        {
            throw config.Refuse("partial_rotary_factor", "1", "This family rotates whole heads.");
        }

        return new DecoderSpec
        {
            ModelType = config.ModelType,
            Hidden = hidden,
            Layers = config.Size("num_hidden_layers"),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = HeadDim(config, hidden, heads),
            FeedForward = config.Size("intermediate_size"),
            Vocabulary = config.Size("vocab_size"),
            ContextLength = ContextLength(config, positions, rope),
            NormEpsilon = config.Number("rms_norm_eps", 1e-6f),
            Rope = rope,
            QkvBias = attentionBias,
            OutputBias = attentionBias,
            FeedForwardBias = config.Flag("mlp_bias", false),
            TiedHead = config.Flag("tie_word_embeddings", false),
        };
    }

    /// <summary>As given, or else the equal share of a head. Rotation takes the dimensions of a head in pairs, so they are even.</summary>
    private static int HeadDim(HfConfig config, int hidden, int heads)
    {
        const string Key = "head_dim";
        int? given = config.OptionalSize(Key);
        if (given is null && hidden % heads != 0)
        {
            throw config.Refuse(
                "hidden_size",
                Text(hidden),
                $"a multiple of num_attention_heads ({Text(heads)}), since head_dim is absent",
                "Add head_dim, or correct the sizes.");
        }

        int headDim = given ?? hidden / heads;
        if (headDim % 2 == 0 && headDim <= GreatestHeadDim && (long)headDim * heads <= int.MaxValue) return headDim;
        throw config.Refuse(
            Key,
            given is null ? $"{Text(headDim)} (hidden_size {Text(hidden)} / num_attention_heads {Text(heads)})" : Text(headDim),
            $"an even number up to {Text(GreatestHeadDim)}, and times num_attention_heads ({Text(heads)}) at most {Text(int.MaxValue)}",
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

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
