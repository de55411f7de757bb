namespace Onnx.Llama.Manifest;

/// <summary>The <c>session_options</c> part: providers in the form that onnxruntime-genai wants; none means the CPU.</summary>
public sealed record GenAiSessionOptions
{
    /// <summary>The name under which ONNX Runtime logs.</summary>
    public string LogId { get; init; } = "onnxruntime-genai";

    /// <summary>The least severity that is logged (0 verbose, 1 info, 2 warning, 3 error, 4 fatal); null for ONNX Runtime's default, warnings.</summary>
    public int? LogSeverityLevel { get; init; }

    /// <summary>One object per provider, its name the only key.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ProviderOptions { get; init; } = [];
}
