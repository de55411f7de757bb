namespace Onnx.Llama.Conversion.Families;

/// <summary>How a family's config.json names what all have, and what it means where a key is absent: the defaults of transformers' config class.</summary>
internal sealed record ConfigDefaults
{
    /// <summary>max_position_embeddings.</summary>
    public int Positions { get; init; } = 2048;

    /// <summary>rope_theta.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>partial_rotary_factor.</summary>
    public double RotaryShare { get; init; } = 1;

    /// <summary>The kind of layers whose rotation is the decoder's own, in families whose kinds of layers turn differently; else null.</summary>
    public string? RotatedLayers { get; init; }

    /// <summary>num_key_value_heads; null for as many as there are query heads.</summary>
    public int? KvHeads { get; init; }

    /// <summary>head_dim; null for the equal share of hidden_size.</summary>
    public int? HeadDim { get; init; }

    /// <summary>The key of the norms' epsilon; null where the family fixes it.</summary>
    public string? EpsilonKey { get; init; } = "rms_norm_eps";

    /// <summary>The norms; its epsilon is the default.</summary>
    public NormSpec Norm { get; init; } = new(1e-6f);

    /// <summary>The keys of the activation, the first that is there counts.</summary>
    public IReadOnlyList<string> ActivationKeys { get; init; } = ["hidden_act"];

    /// <summary>The activation.</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>tie_word_embeddings.</summary>
    public bool TiedHead { get; init; }
}
