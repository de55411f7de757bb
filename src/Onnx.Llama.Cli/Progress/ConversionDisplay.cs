using Onnx.Llama.Conversion;

namespace Onnx.Llama.Cli.Progress;

/// <summary>Writes a converted folder and shows how far it is.</summary>
internal static class ConversionDisplay
{
    /// <inheritdoc cref="ConversionPlan.Write"/>
    public static ConversionResult Write(string title, ConversionPlan plan, string output, CancellationToken cancellationToken) => ProgressDisplay.Run(
        title,
        progress => plan.Write(output, new Relay<ConversionProgress>(progress, value => new ByteProgress(value.Done, value.Total)), cancellationToken));
}
