namespace Onnx.Llama.Runtime;

/// <summary>What there is to know of a provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Variant">Its name in a manifest.</param>
/// <param name="OnnxRuntimeName">Its name in ONNX Runtime.</param>
/// <param name="Package">The package that brings it.</param>
/// <param name="Needs">What has to be installed beside the package, as advice.</param>
internal sealed record ProviderFacts(Provider Provider, string Variant, string OnnxRuntimeName, string Package, string Needs)
{
    /// <summary>All, in the order in which <see cref="Provider.Auto"/> tries them.</summary>
    public static IReadOnlyList<ProviderFacts> InOrder { get; } =
    [
        new(Provider.Cuda, "cuda", "CUDAExecutionProvider", "Microsoft.ML.OnnxRuntime.Gpu", "install the CUDA and cuDNN versions that the package was built for"),
        new(Provider.DirectMl, "dml", "DmlExecutionProvider", "Microsoft.ML.OnnxRuntime.DirectML", "update Windows, or put DirectML.dll beside the application"),
        new(Provider.Cpu, "cpu", "CPUExecutionProvider", "Microsoft.ML.OnnxRuntime", "reinstall the package"),
    ];

    /// <summary>The facts of one provider.</summary>
    public static ProviderFacts Of(Provider provider) => InOrder.Single(facts => facts.Provider == provider);

    /// <summary>What is said where the package is another one.</summary>
    public string NotBuiltIn => $"the ONNX Runtime in this application was built without it; use the package {Package}";
}
