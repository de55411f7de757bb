namespace Onnx.Llama.Manifest;

/// <summary>The <c>session_options</c> part: providers in the form that onnxruntime-genai wants; none means the CPU.</summary>
/// <param name="LogId">The name under which ONNX Runtime logs.</param>
/// <param name="LogSeverityLevel">The least severity that is logged (0 verbose, 1 info, 2 warning, 3 error, 4 fatal); null for ONNX Runtime's default, warnings.</param>
public sealed record GenAiSessionOptions(string LogId = "onnxruntime-genai", int? LogSeverityLevel = null)
{
    /// <summary>One object per provider, its name the only key.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ProviderOptions { get => field ?? []; init; }
}
