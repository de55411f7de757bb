namespace Onnx.Llama.Runtime;

/// <summary>A provider's names: in a manifest, in ONNX Runtime, and of the package that brings it.</summary>
internal sealed record ProviderFacts(Provider Provider, string Variant, string OnnxRuntimeName, string Package)
{
    /// <summary>All, in the order in which <see cref="Provider.Auto"/> tries them.</summary>
    public static IReadOnlyList<ProviderFacts> InOrder { get; } =
    [
        new(Provider.Cuda, "cuda", "CUDAExecutionProvider", "Microsoft.ML.OnnxRuntime.Gpu"),
        new(Provider.DirectMl, "dml", "DmlExecutionProvider", "Microsoft.ML.OnnxRuntime.DirectML"),
        new(Provider.Cpu, "cpu", "CPUExecutionProvider", "Microsoft.ML.OnnxRuntime"),
    ];
}
