using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Manifest;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Targets;

public sealed class GraphTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    public GraphTargetTests() => _source = TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default);

    [Fact]
    public void Named_Unknown_ListsTheKnown()
    {
        ConversionException fault = Assert.Throws<ConversionException>(() => GraphTarget.Named("rocm"));

        Assert.Equal("--target: is 'rocm'; expected one of cpu, cuda, dml, standard.", fault.Message);
    }

    [Theory]
    [InlineData("int4")]
    [InlineData("int4-asym")]
    [InlineData("int8")]
    public void Create_StandardWithBlocks_IsRefusedByName(string precision)
    {
        ConversionOptions options = new() { Precision = PrecisionRecipe.Named(precision), Targets = [GraphTarget.Standard] };

        string message = Assert.Throws<ConversionException>(() => ConversionPlan.Create(_source, options)).Message;

        Assert.Contains($"--target: is standard with {precision} weights; expected fp32, fp16 or bf16", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoTarget_IsRefused() =>
        Assert.Throws<ConversionException>(() => ConversionPlan.Create(_source, new ConversionOptions { Targets = [] }));

    /// <summary>What two targets store alike stands in the data file once; a folder does not depend on the order in which they were asked for.</summary>
    [Theory]
    [InlineData("int4")]
    [InlineData("int4-asym")]
    [InlineData("int8-b64")]
    [InlineData("fp16")]
    public void Write_SeveralTargets_ShareTheWeights(string precision)
    {
        PrecisionRecipe recipe = Recipes.Of(precision);
        long alone = Data(Converted.Write(_source, _folder["cpu"], recipe, GraphTarget.Cpu));
        string all = Converted.Write(_source, _folder["all"], recipe, GraphTarget.DirectMl, GraphTarget.Cuda, GraphTarget.Cpu);
        string again = Converted.Write(_source, _folder["again"], recipe, GraphTarget.Cpu, GraphTarget.DirectMl, GraphTarget.Cuda);

        // Norms and the rotation's tables are stored as each graph computes; every matrix is shared.
        long tables = 512 * 8 * 2 * 2, norms = 5 * 64 * 2;
        Assert.InRange(Data(all) - alone, tables + norms, tables + norms + (20 * 4096));
        Assert.Equal(["cpu", "cuda", "dml"], ModelManifest.Load(all)!.Variants.Select(variant => variant.Provider));
        foreach (string file in Directory.GetFiles(all))
        {
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(again, Path.GetFileName(file)))), file);
        }
    }

    [Theory]
    [InlineData("int4-asym", "1.20.0")]
    [InlineData("int8-b64", "1.30.0")]
    public void Write_OfBlocks_SaysThePrecisionAndTheLeastOnnxRuntime(string precision, string version)
    {
        PrecisionRecipe recipe = Recipes.Of(precision);
        ModelManifest manifest = ModelManifest.Load(Converted.Write(_source, _folder["model"], recipe))!;

        Assert.Equal(new ModelVariant(GraphTarget.Cpu.File, "cpu", precision, version), Assert.Single(manifest.Variants));
        Assert.Equal(new ConversionRecord(recipe.Option, recipe.Block), manifest.Options);
    }

    public void Dispose() => _folder.Dispose();

    private static long Data(string folder) => new FileInfo(Path.Combine(folder, ConversionPlan.DataFile)).Length;
}
