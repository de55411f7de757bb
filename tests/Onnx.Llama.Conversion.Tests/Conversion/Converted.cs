using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>Converts in the test's own process.</summary>
internal static class Converted
{
    public static string Write(string source, string output, PrecisionRecipe precision, int threads = 1)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = precision, Threads = threads });
        return plan.Write(output, progress: null, TestContext.Current.CancellationToken).Folder;
    }

    public static LanguageModel Open(string folder) => LanguageModel.Open(folder, new ModelOptions { Threads = 1, Spinning = false });
}
