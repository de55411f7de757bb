namespace Onnx.Llama.Runtime;

/// <summary>What decides where a model can run, beside the model.</summary>
internal interface IMachine
{
    /// <summary>The providers that the native library was built with, by ONNX Runtime's names.</summary>
    public IReadOnlyCollection<string> BuiltIn { get; }

    /// <summary>What a provider lacks here that can be told before trying it: a driver, an operating system; null for nothing.</summary>
    public string? Missing(Provider provider);
}
