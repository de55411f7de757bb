using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class PrecisionRecipeTests
{
    [Fact]
    public void Named_EveryRecipe_IsFoundByItsName()
    {
        foreach (PrecisionRecipe recipe in PrecisionRecipe.All) Assert.Same(recipe, PrecisionRecipe.Named(recipe.Option));
    }

    [Fact]
    public void Named_Unknown_ListsTheKnown()
    {
        ConversionException fault = Assert.Throws<ConversionException>(() => PrecisionRecipe.Named("int3"));

        Assert.Equal("--precision: is 'int3'; expected one of int4, int4-asym, int8, fp16, bf16, fp32.", fault.Message);
    }

    [Fact]
    public void WithBlocks_OtherThanTheDefault_IsNamedByThem()
    {
        PrecisionRecipe recipe = PrecisionRecipe.Int4Asymmetric.WithBlocks(64).WithBlocks(128);

        Assert.Equal(("int4-asym", 128, "int4-asym-b128"), (recipe.Option, recipe.Block, recipe.Name));
        Assert.Equal(new WeightFormat.Blocks(new BlockFormat(4, 128, isSymmetric: false)), recipe.Layers);
        Assert.Equal(recipe.Layers, recipe.Head);
        Assert.Equal(PrecisionRecipe.Int4Asymmetric, recipe.WithBlocks(32));
        Assert.Equal("int8", PrecisionRecipe.Int8.Name);
    }

    [Fact]
    public void WithBlocks_OfAnotherSizeOrOfNumbers_IsRefusedByName()
    {
        ConversionException size = Assert.Throws<ConversionException>(() => PrecisionRecipe.Int8.WithBlocks(16));
        Assert.Equal("--block: is 16; expected one of 32, 64, 128, 256.", size.Message);

        ConversionException numbers = Assert.Throws<ConversionException>(() => PrecisionRecipe.Bf16.WithBlocks(64));
        Assert.Equal("--block: is 64 with bf16 weights, which have no blocks; expected --precision int4, int4-asym, int8.", numbers.Message);
    }

    [Theory]
    [InlineData(128, 128, 256)]
    [InlineData(64, 576, 0)]
    [InlineData(128, 1536, 0)]
    [InlineData(64, 4096, 576)]
    [InlineData(32, 4096, 96)]
    [InlineData(32, 40, 0)]
    public void Fitting_RowsOfTheseLengths_IsTheGreatestThatDividesThem(int expected, int first, int second)
    {
        WeightFormat.Blocks blocks = new(new BlockFormat(8, 128));

        Assert.Equal(new BlockFormat(8, expected), blocks.Fitting(first, second));
    }
}
