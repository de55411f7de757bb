namespace Onnx.Llama.Conversion.Weights;

/// <summary>All experts of a layer in one tensor of gate and up and one of down; full names of tensors, since families differ in their suffixes.</summary>
/// <param name="GateUp">Gate and up.</param>
/// <param name="Down">Down.</param>
/// <param name="InputsFirst">Whether it is [experts, inputs, outputs], with gate and up alternating; else [experts, outputs, inputs], gate above up.</param>
public sealed record StackedExperts(string GateUp, string Down, bool InputsFirst)
{
    /// <summary>The bias of gate and up, in the same order [experts, 2 * width].</summary>
    public string GateUpBias { get; init; } = "";

    /// <summary>The bias of down, [experts, hidden].</summary>
    public string DownBias { get; init; } = "";
}
