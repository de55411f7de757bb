namespace Onnx.Llama.Templates;

/// <summary>What one rendering may use. A template comes with a checkpoint, from strangers; it can loop, recurse and multiply text.</summary>
public sealed record TemplateLimits
{
    /// <summary>Limits far above what any real conversation needs, and under two seconds of work.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>
    /// Units of work: statements, loop rounds, calls and operators, and each 64 characters or one element that an operation makes or reads.
    /// It bounds time, and (since every value made is counted) memory.
    /// </summary>
    public long MaxSteps { get; init; } = 1_000_000;

    /// <summary>How deep macros, call blocks and recursive loops may call each other.</summary>
    public int MaxCallDepth { get; init; } = 100;

    /// <summary>The longest output, in UTF-16 units. It also bounds every single string made while rendering.</summary>
    public int MaxOutputLength { get; init; } = 64 << 20;
}
