using Onnx.Llama.Conversion.Weights;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>Recipes by the names that the manifest has for them.</summary>
internal static class Recipes
{
    private const string BlockMark = "-b";

    /// <summary>"int8", or "int8-b64" for blocks of 64.</summary>
    public static PrecisionRecipe Of(string name)
    {
        int mark = name.IndexOf(BlockMark, StringComparison.Ordinal);
        if (mark < 0) return PrecisionRecipe.Named(name);
        PrecisionRecipe recipe = PrecisionRecipe.Named(name[..mark])
            .WithBlocks(int.Parse(name.AsSpan(mark + BlockMark.Length), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(name, recipe.Name);
        return recipe;
    }
}
