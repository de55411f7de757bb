using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;

namespace Onnx.Llama;

/// <summary>Where a model could run, without opening it.</summary>
public static class ProviderSurvey
{
    /// <summary>Every provider, in the order in which <see cref="Provider.Auto"/> tries them, and what stands against it as far as can be told without trying.</summary>
    /// <param name="folder">A converted model's folder.</param>
    /// <exception cref="ModelException">ONNX Runtime's native library is missing.</exception>
    /// <exception cref="ManifestException">The folder's manifest cannot be read.</exception>
    public static IReadOnlyList<ProviderDecision> Of(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        IReadOnlyList<ModelVariant> variants = ModelManifest.Load(folder)?.Variants
            ?? [new ModelVariant(GenAiConfig.Load(folder).Model.Decoder.Filename, "cpu", Precision: "", OnnxRuntime: "")];
        ProviderChoice choice = new(folder, variants, named: null, new Machine());
        try
        {
            choice.Open(Provider.Auto, (variant, _) => variant);
        }
        catch (ModelException)
        {
            // None can: the decisions say why.
        }

        return choice.Decisions;
    }
}
