using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion;

/// <summary>What a graph is made for.</summary>
/// <param name="Name">As <c>--target</c> and onnx_llama.json spell it.</param>
/// <param name="File">The graph's file in a folder that has several.</param>
public sealed record GraphTarget(string Name, string File)
{
    /// <summary>ONNX Runtime's CPU provider: float32, the rotation inside the attention operator.</summary>
    public static GraphTarget Cpu { get; } = new("cpu", "model.onnx");

    /// <summary>CUDA: float16 or bfloat16, the rotation inside the attention operator.</summary>
    public static GraphTarget Cuda { get; } = new("cuda", "model.cuda.onnx") { IsGpu = true };

    /// <summary>DirectML: float16, the rotation before the attention operator, by positions that are an input.</summary>
    public static GraphTarget DirectMl { get; } = new("dml", "model.dml.onnx") { IsGpu = true, TakesPositions = true, IsPacked = false };

    /// <summary>ONNX's own operators alone (opset 23), for other runtimes: float32, positions are an input, caches grow.</summary>
    public static GraphTarget Standard { get; } = new("standard", "model.standard.onnx") { IsStandard = true, TakesPositions = true, IsPacked = false };

    /// <summary>All, in the order in which a folder's graphs are planned: packed matrices before their parts.</summary>
    public static IReadOnlyList<GraphTarget> All { get; } = [Cpu, Cuda, DirectMl, Standard];

    /// <summary>Whether activations and caches have <see cref="PrecisionRecipe.Gpu"/>; else they are float32.</summary>
    public bool IsGpu { get; private init; }

    /// <summary>Whether only ONNX's own operators may stand in the graph.</summary>
    public bool IsStandard { get; private init; }

    /// <summary>Whether positions are an input of the graph; else it counts them from the mask.</summary>
    public bool TakesPositions { get; private init; }

    /// <summary>Whether queries, keys and values come out of one matrix where nothing stands between them and the attention operator.</summary>
    public bool IsPacked { get; private init; } = true;

    /// <summary>The target of that name.</summary>
    /// <exception cref="ConversionException">There is none.</exception>
    public static GraphTarget Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ConversionException("--target", $"is '{name}'; expected one of {string.Join(", ", All.Select(target => target.Name))}.");

    /// <summary>What its activations and caches are.</summary>
    internal ElementType Activations(PrecisionRecipe recipe) => IsGpu ? recipe.Gpu : ElementType.Float;
}
