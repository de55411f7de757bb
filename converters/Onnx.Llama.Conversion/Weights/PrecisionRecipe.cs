using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Which part of a model is stored how. Norms, biases and the rotation's tables are always float32.</summary>
/// <param name="Name">As <c>--precision</c> spells it.</param>
/// <param name="Layers">The projections of attention and feed-forward network.</param>
/// <param name="Head">The head, and the embedding: the two share their bytes where they are tied.</param>
public sealed record PrecisionRecipe(string Name, WeightFormat Layers, WeightFormat Head)
{
    private const int Block = 32;

    /// <summary>float32 throughout.</summary>
    public static PrecisionRecipe Fp32 { get; } = new("fp32", new WeightFormat.Float32(), new WeightFormat.Float32());

    /// <summary>4 bits in blocks of 32.</summary>
    public static PrecisionRecipe Int4 { get; } = new("int4", Blocks(bits: 4), Blocks(bits: 4));

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<PrecisionRecipe> All { get; } = [Int4, Fp32];

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="ConversionException">There is none.</exception>
    public static PrecisionRecipe Named(string name) => All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ConversionException("--precision", $"is '{name}'; expected one of {string.Join(", ", All.Select(recipe => recipe.Name))}.");

    private static WeightFormat.Blocks Blocks(int bits) => new(new BlockFormat(bits, Block));
}
