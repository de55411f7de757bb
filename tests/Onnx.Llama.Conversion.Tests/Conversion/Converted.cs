using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>Converts in the test's own process.</summary>
internal static class Converted
{
    public static string Write(string source, string output, PrecisionRecipe precision, params GraphTarget[] targets)
    {
        ConversionOptions options = new() { Precision = precision, Threads = 1 };
        using ConversionPlan plan = ConversionPlan.Create(source, targets.Length == 0 ? options : options with { Targets = targets });
        return plan.Write(output, progress: null, TestContext.Current.CancellationToken).Folder;
    }

    public static LanguageModel Open(string folder) => LanguageModel.Open(folder, new ModelOptions { Threads = 1, Spinning = false, KernelCache = null });
}
