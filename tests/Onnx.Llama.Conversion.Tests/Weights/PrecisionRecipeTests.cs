using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Weights;

public sealed class PrecisionRecipeTests
{
    [Fact]
    public void Named_EveryRecipe_IsFoundByItsName()
    {
        foreach (PrecisionRecipe recipe in PrecisionRecipe.All) Assert.Same(recipe, PrecisionRecipe.Named(recipe.Name));
    }

    [Fact]
    public void Named_Unknown_ListsTheKnown()
    {
        ConversionException fault = Assert.Throws<ConversionException>(() => PrecisionRecipe.Named("int3"));

        Assert.Equal("--precision: is 'int3'; expected one of int4, fp16, bf16, fp32.", fault.Message);
    }
}
