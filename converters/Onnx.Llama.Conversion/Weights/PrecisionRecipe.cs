using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Which part of a model is stored how. Norms, biases and the rotation's tables are stored as their graph computes.</summary>
/// <param name="Option">As <c>--precision</c> spells it.</param>
/// <param name="Layers">The projections of attention and feed-forward network.</param>
/// <param name="Head">The head, and the embedding: the two share their bytes where they are tied.</param>
/// <param name="Gpu">What graphs for a GPU compute in.</param>
public sealed record PrecisionRecipe(string Option, WeightFormat Layers, WeightFormat Head, ElementType Gpu)
{
    private const int DefaultBlock = WeightFormat.Blocks.LeastBlock;

    /// <summary>float32 throughout.</summary>
    public static PrecisionRecipe Fp32 { get; } = Floats("fp32", ElementType.Float);

    /// <summary>16-bit IEEE 754.</summary>
    public static PrecisionRecipe Fp16 { get; } = Floats("fp16", ElementType.Float16);

    /// <summary>The upper half of float32.</summary>
    public static PrecisionRecipe Bf16 { get; } = Floats("bf16", ElementType.BFloat16);

    /// <summary>4 bits in blocks of 32, symmetric about zero.</summary>
    public static PrecisionRecipe Int4 { get; } = Blocks("int4", new BlockFormat(4, DefaultBlock));

    /// <summary>4 bits in blocks of 32, each with a zero point.</summary>
    public static PrecisionRecipe Int4Asymmetric { get; } = Blocks("int4-asym", new BlockFormat(4, DefaultBlock, isSymmetric: false));

    /// <summary>8 bits in blocks of 32, symmetric about zero.</summary>
    public static PrecisionRecipe Int8 { get; } = Blocks("int8", new BlockFormat(8, DefaultBlock));

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<PrecisionRecipe> All { get; } = [Int4, Int4Asymmetric, Int8, Fp16, Bf16, Fp32];

    /// <summary>The sizes that blocks can have, the default first.</summary>
    public static IReadOnlyList<int> BlockSizes { get; } = [DefaultBlock, 64, 128, 256];

    /// <summary>Whether weights are stored in blocks.</summary>
    public bool HasBlocks => Layers is WeightFormat.Blocks;

    /// <summary>The size of blocks where it is not the default; null where it is, or where there are none.</summary>
    public int? Block { get; private init; }

    /// <summary>What the manifest and folders call it: the option, and the size of blocks where that is not the default.</summary>
    public string Name => Block is { } size ? FormattableString.Invariant($"{Option}-b{size}") : Option;

    /// <summary>The recipe of that name, with blocks of the default size.</summary>
    /// <exception cref="ConversionException">There is none.</exception>
    public static PrecisionRecipe Named(string name) => All.FirstOrDefault(recipe => recipe.Option == name)
        ?? throw new ConversionException("--precision", $"is '{name}'; expected one of {Options(All)}.");

    /// <summary>The same with blocks of another size; matrices with rows that are no multiple of it get smaller ones.</summary>
    /// <param name="size">Weights that share a scale: 32, 64, 128 or 256.</param>
    /// <exception cref="ConversionException">The size is none of these, or weights are not stored in blocks.</exception>
    public PrecisionRecipe WithBlocks(int size)
    {
        if (!BlockSizes.Contains(size))
        {
            throw new ConversionException("--block", FormattableString.Invariant($"is {size}; expected one of {string.Join(", ", BlockSizes)}."));
        }

        if (Layers is not WeightFormat.Blocks(var format))
        {
            string expected = Options(All.Where(recipe => recipe.HasBlocks));
            throw new ConversionException(
                "--block", FormattableString.Invariant($"is {size} with {Option} weights, which have no blocks; expected --precision {expected}."));
        }

        return Blocks(Option, new BlockFormat(format.Bits, size, format.IsSymmetric)) with { Block = size == DefaultBlock ? null : size };
    }

    private static PrecisionRecipe Floats(string option, ElementType type) => new(option, new WeightFormat.Floats(type), new WeightFormat.Floats(type), type);

    private static PrecisionRecipe Blocks(string option, BlockFormat format) =>
        new(option, new WeightFormat.Blocks(format), new WeightFormat.Blocks(format), ElementType.Float16);

    private static string Options(IEnumerable<PrecisionRecipe> recipes) => string.Join(", ", recipes.Select(recipe => recipe.Option));
}
