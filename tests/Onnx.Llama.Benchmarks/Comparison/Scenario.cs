namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>What is measured.</summary>
internal enum ScenarioKind
{
    /// <summary>Tokens per second of generation, all sequences together.</summary>
    Decode,

    /// <summary>Tokens per second of a prompt.</summary>
    Prefill,

    /// <summary>Seconds from opening a model to the first token after a prompt of one.</summary>
    Load,
}

/// <summary>One thing that is measured of every engine.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Prompt">Tokens of the prompt.</param>
/// <param name="Sequences">Sequences that decode together.</param>
internal sealed record Scenario(string Name, ScenarioKind Kind, int Prompt, int Sequences)
{
    /// <summary>All, in the order of the results.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("decode-128", ScenarioKind.Decode, 128, 1),
        new("decode-2048", ScenarioKind.Decode, 2048, 1),
        new("prefill-512", ScenarioKind.Prefill, 512, 1),
        new("batch-4", ScenarioKind.Decode, 128, 4),
        new("batch-8", ScenarioKind.Decode, 128, 8),
        new("load", ScenarioKind.Load, 1, 1),
    ];

    /// <summary>The names of all.</summary>
    public static string[] Names { get; } = [.. All.Select(scenario => scenario.Name)];

    /// <summary>The scenario of a name that is one of <see cref="Names"/>.</summary>
    public static Scenario Named(string name) => All.First(scenario => scenario.Name == name);

    /// <summary>The unit of its figure.</summary>
    public string Unit => Kind == ScenarioKind.Load ? "s" : "tokens/s";
}
