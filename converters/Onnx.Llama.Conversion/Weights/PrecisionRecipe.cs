using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Which part of a model is stored how. Norms, biases and the rotation's tables are stored as their graph computes.</summary>
/// <param name="Name">As <c>--precision</c> spells it.</param>
/// <param name="Layers">The projections of attention and feed-forward network.</param>
/// <param name="Head">The head, and the embedding: the two share their bytes where they are tied.</param>
/// <param name="Gpu">What graphs for a GPU compute in.</param>
public sealed record PrecisionRecipe(string Name, WeightFormat Layers, WeightFormat Head, ElementType Gpu)
{
    private const int Block = 32;

    /// <summary>float32 throughout.</summary>
    public static PrecisionRecipe Fp32 { get; } = Floats("fp32", ElementType.Float);

    /// <summary>16-bit IEEE 754.</summary>
    public static PrecisionRecipe Fp16 { get; } = Floats("fp16", ElementType.Float16);

    /// <summary>The upper half of float32.</summary>
    public static PrecisionRecipe Bf16 { get; } = Floats("bf16", ElementType.BFloat16);

    /// <summary>4 bits in blocks of 32.</summary>
    public static PrecisionRecipe Int4 { get; } = new("int4", Blocks(bits: 4), Blocks(bits: 4), ElementType.Float16);

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<PrecisionRecipe> All { get; } = [Int4, Fp16, Bf16, Fp32];

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="ConversionException">There is none.</exception>
    public static PrecisionRecipe Named(string name) => All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ConversionException("--precision", $"is '{name}'; expected one of {string.Join(", ", All.Select(recipe => recipe.Name))}.");

    private static PrecisionRecipe Floats(string name, ElementType type) => new(name, new WeightFormat.Floats(type), new WeightFormat.Floats(type), type);

    private static WeightFormat.Blocks Blocks(int bits) => new(new BlockFormat(bits, Block));
}
