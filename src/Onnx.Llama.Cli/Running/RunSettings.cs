using Onnx.Llama.Cli.CommandLine;

namespace Onnx.Llama.Cli.Running;

/// <summary>What to answer, and how.</summary>
internal sealed record RunSettings
{
    /// <summary>What to answer; null for standard input or a chat.</summary>
    public required string? Prompt { get; init; }

    /// <summary>Whether the prompt is continued without a template.</summary>
    public required bool Raw { get; init; }

    /// <summary>The system message.</summary>
    public required string? System { get; init; }

    /// <summary>Whether to print speed and counts.</summary>
    public required bool Stats { get; init; }

    /// <summary>Refuses settings that have no meaning together.</summary>
    /// <exception cref="UsageException">They have none.</exception>
    public void Check()
    {
        if (Raw && System is not null) throw new UsageException("--system is part of the chat template, which --raw leaves out; expected one of the two.");
        if (Raw && Prompt is null && !Console.IsInputRedirected) throw new UsageException("--raw continues a text; expected PROMPT or standard input.");
    }
}
