using System.Globalization;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Reads multi-head latent attention (<see cref="LatentAttention"/>) from a config.json.</summary>
internal static class LatentFacts
{
    private const int CacheMultiple = 8;

    /// <summary>The reference gives the inner norms no epsilon of the config's.</summary>
    private const float LatentNormEpsilon = 1e-6f;

    /// <summary>A decoder whose heads all read one compressed key and value.</summary>
    public static DecoderSpec WithLatentAttention(DecoderSpec spec, HfConfig config)
    {
        int plain = config.Size("qk_nope_head_dim");
        int rotary = config.Size("qk_rope_head_dim");
        if (rotary % 2 != 0) throw config.Refuse("qk_rope_head_dim", "an even number", "Rotation takes dimensions in pairs.");
        int rank = config.Size("kv_lora_rank");
        if (rank % CacheMultiple != 0)
        {
            throw config.Refuse("kv_lora_rank", FormattableString.Invariant($"a multiple of {CacheMultiple}"), "The attention operators take no other widths.");
        }

        RefuseUnlike(config, "qk_head_dim", checked(plain + rotary), "qk_nope_head_dim + qk_rope_head_dim");
        RefuseUnlike(config, "head_dim", rotary, "qk_rope_head_dim");
        RefuseUnlike(config, "num_key_value_heads", spec.Heads, "num_attention_heads");
        LatentAttention latent = new(
            config.OptionalSize("q_lora_rank"), rank, plain, rotary, config.Size("v_head_dim"), new NormSpec(LatentNormEpsilon));
        return spec with
        {
            KvHeads = 1,
            HeadDim = plain + rotary,
            AttentionScale = Stretch(spec.Attention[0].Rope) / MathF.Sqrt(plain + rotary),
            Latent = latent,
        };
    }

    /// <summary>YaRN with a scale for all dimensions stretches the scores by its square.</summary>
    private static float Stretch(RopeConfig? rope)
    {
        if (rope is not RopeConfig.Yarn { MScaleAllDim: { } all and not 0, Factor: > 1 } yarn) return 1;
        double mscale = (0.1 * all * Math.Log(yarn.Factor)) + 1;
        return (float)(mscale * mscale);
    }

    private static void RefuseUnlike(HfConfig config, string key, int expected, string meaning)
    {
        if (config.OptionalSize(key) is { } given && given != expected)
        {
            throw config.Refuse(
                key, $"{meaning}, {expected.ToString(CultureInfo.InvariantCulture)}", "Check config.json against the checkpoint's source.");
        }
    }
}
