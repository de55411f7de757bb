using System.Globalization;
using System.Text;
using Onnx.Llama.Conversion;

namespace Onnx.Llama.Cli.Verbs;

/// <summary>A conversion's plan as text: every tensor, how it is stored, what it is made of.</summary>
internal static class DryRun
{
    public static string Text(ConversionPlan plan)
    {
        StringBuilder text = new();
        int width = plan.Tensors.Max(tensor => tensor.Name.Length);
        int formWidth = Math.Max(19, plan.Tensors.Max(tensor => tensor.Form.Length));
        foreach (PlannedTensor tensor in plan.Tensors)
        {
            string shape = string.Create(CultureInfo.InvariantCulture, $"[{tensor.Rows}, {tensor.Columns}]");
            string sources = tensor.Sources.Count == 0 ? "computed" : string.Join(" + ", tensor.Sources.Select(source => $"{source.Name} {source}"));
            text.Append(CultureInfo.InvariantCulture, $"{tensor.Name.PadRight(width)}  {shape,-16}  {tensor.Form.PadRight(formWidth)} {Units.Bytes(tensor.Bytes),10}  <- {sources}\n");
        }

        ConversionSummary summary = ConversionSummary.Of(plan);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{summary.ModelType}, {Units.Count(summary.Parameters)} parameters, {summary.Precision}: {plan.Tensors.Count} tensors, {Units.Bytes(summary.DataBytes)}. Nothing was written.\n");
        return text.ToString();
    }
}
