using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>What of a graph the kernels take over.</summary>
/// <param name="Form">The form that runs.</param>
/// <param name="Kernels">Nodes of each operator of the kernels.</param>
/// <param name="Stock">Nodes of each operator that stays ONNX Runtime's.</param>
/// <param name="Attends">Whether attention is the kernels'.</param>
/// <param name="IsBatchInvariant">Whether no operator is left whose rows may depend on each other's company.</param>
public sealed record KernelReport(
    InstructionSet Form, IReadOnlyDictionary<string, int> Kernels, IReadOnlyDictionary<string, int> Stock, bool Attends, bool IsBatchInvariant)
{
    /// <summary>Keys and values are added up in blocks of so many positions, counted from the oldest one kept.</summary>
    public const int KeyBlock = 32;
}
