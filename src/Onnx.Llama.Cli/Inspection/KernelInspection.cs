using System.Globalization;
using Onnx.Llama.Kernels.Rewriting;

namespace Onnx.Llama.Cli.Inspection;

/// <summary>What of a graph the kernels take over.</summary>
/// <param name="Form">The instructions that they use: scalar, arm, avx2, avxvnni or avx512.</param>
/// <param name="Operators">How many nodes of each operator are the kernels'.</param>
/// <param name="Stock">How many nodes of each operator stay ONNX Runtime's.</param>
/// <param name="Attends">Whether attention is the kernels'.</param>
/// <param name="BatchInvariant">Whether a sequence's numbers are the same alone and in company.</param>
internal sealed record KernelInspection(
    string Form, IReadOnlyDictionary<string, int> Operators, IReadOnlyDictionary<string, int> Stock, bool Attends, bool BatchInvariant)
{
    public static KernelInspection? Of(KernelReport? report) => report is null
        ? null
        : new KernelInspection(report.Form.ToString().ToLowerInvariant(), report.Kernels, report.Stock, report.Attends, report.IsBatchInvariant);

    /// <summary>"QuantProduct 81, QuantGather 1"; the most frequent first.</summary>
    public static string Counts(IReadOnlyDictionary<string, int> operators) => string.Join(", ", operators
        .OrderByDescending(entry => entry.Value)
        .ThenBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value}")));

    public override string ToString() =>
        $"{Form}: {Counts(Operators)}; ONNX Runtime: {(Stock.Count == 0 ? "nothing" : Counts(Stock))}; batch-invariant {(BatchInvariant ? "yes" : "no")}";
}
