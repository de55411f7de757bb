namespace Onnx.Llama.Conversion.Families;

/// <summary>A norm of queries and of keys, each with its own gain (QK-norm, arXiv:2010.04245, 2302.05442).</summary>
/// <param name="Norm">The norm.</param>
/// <param name="Scope">What it is taken over.</param>
/// <param name="AfterRotation">Whether it follows the rotation; else the rotation follows it.</param>
public sealed record HeadNorm(NormSpec Norm, HeadNormScope Scope, bool AfterRotation = false);

/// <summary>What a norm of queries or keys is taken over.</summary>
public enum HeadNormScope
{
    /// <summary>Each head, all heads with the same gain [headDim].</summary>
    Head,

    /// <summary>Each head, with a gain of its own [heads, headDim].</summary>
    OwnHead,

    /// <summary>All heads together, with a gain [heads * headDim].</summary>
    AllHeads,
}
