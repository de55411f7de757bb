namespace Onnx.Llama.Conversion.Weights;

/// <summary>Where a layer of experts keeps what; see <see cref="WeightMap"/>.</summary>
public sealed record ExpertNames
{
    /// <summary>The router, [experts, hidden].</summary>
    public string Router { get; init; } = "mlp.gate";

    /// <summary>The experts, each "NAME.N.gate_proj" and so on.</summary>
    public string Each { get; init; } = "mlp.experts";

    /// <summary>Within an expert.</summary>
    public string Gate { get; init; } = "gate_proj";

    /// <summary>Within an expert.</summary>
    public string Up { get; init; } = "up_proj";

    /// <summary>Within an expert.</summary>
    public string Down { get; init; } = "down_proj";

    /// <summary>How all experts are stored in one tensor; null where each has tensors of its own.</summary>
    public StackedExperts? Stacked { get; init; }

    /// <summary>The shared expert.</summary>
    public string Shared { get; init; } = "mlp.shared_expert";

    /// <summary>The factor of the shared expert's output, [1, hidden].</summary>
    public string SharedGate { get; init; } = "mlp.shared_expert_gate";

    /// <summary>The bias that only the choice of experts sees, [experts].</summary>
    public string ChoiceBias { get; init; } = "mlp.gate.e_score_correction_bias";
}
