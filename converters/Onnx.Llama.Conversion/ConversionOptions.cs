using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion;

/// <summary>How to convert.</summary>
public sealed record ConversionOptions
{
    /// <summary>Which part is stored how.</summary>
    public PrecisionRecipe Precision { get; init; } = PrecisionRecipe.Int4;

    /// <summary>What graphs are made for; in any order, each once.</summary>
    public IReadOnlyList<GraphTarget> Targets { get; init; } = [GraphTarget.Cpu];

    /// <summary>How a model of sentence vectors pools, where its folder has no modules.json that says it.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Threads that read, quantise and write; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether an existing output folder is replaced.</summary>
    public bool Force { get; init; }
}
