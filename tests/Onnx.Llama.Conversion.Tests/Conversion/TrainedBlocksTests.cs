using System.Text.Json;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Templates;
using Onnx.Llama.Testing;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>What each form of blocks costs two trained models, in logits over texts of theirs, against the same model in float32.</summary>
public sealed class TrainedBlocksTests
{
    /// <summary>Of 8 bits, relative rms: half of it is activations, which the kernels round.</summary>
    private const double Int8Tolerance = 2e-2;

    private const int TalesTexts = 20;

    private static readonly string[] s_recipes = ["int4", "int4-asym", "int8", "int4-b128", "int4-asym-b128", "int8-b128"];

    /// <summary>A small model's rows have 64 weights: 4 bits change it visibly.</summary>
    [Fact]
    public void Logits_OfStories_AreNear()
    {
        using TemporaryFolder folder = new();
        Check("stories260k", Stories260k.Write(folder["source"]), _ => [Stories260k.ExpectedIds()], int4Tolerance: 0.15);
    }

    [Fact]
    public void Logits_OfTales_AreNear() => Check("tales", Path.Combine(SharedFolder.Repository, "models", "tales"), Texts, int4Tolerance: 0.08);

    private static void Check(string name, string source, Func<string, int[][]> texts, double int4Tolerance)
    {
        using TemporaryFolder folder = new();
        string original = Converted.Write(source, folder["fp32"], PrecisionRecipe.Fp32);
        int[][] ids = texts(original);
        float[] expected = [.. ids.SelectMany(text => Logits.Of(original, text))];
        Dictionary<string, double> errors = [];
        foreach (string recipe in s_recipes)
        {
            string blocks = Converted.Write(source, folder[recipe], Recipes.Of(recipe));
            float[] found = [.. ids.SelectMany(text => Logits.Of(blocks, text))];
            double rms = errors[recipe] = Logits.RelativeRms(expected, found), greatest = Logits.GreatestDifferenceInStd(expected, found);
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{name} {recipe}: relative rms {rms:G3}, greatest difference {greatest:G3} std"));
            Assert.InRange(rms, 0, recipe.StartsWith("int8", StringComparison.Ordinal) ? Int8Tolerance : int4Tolerance);
        }

        Assert.True(errors["int4-asym"] < errors["int4"], $"int4-asym {errors["int4-asym"]}, int4 {errors["int4"]}");
    }

    /// <summary>The first conversations of the demo model's questions.</summary>
    private static int[][] Texts(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(folder);
        ChatTemplateSet template = ChatTemplateSet.Load(folder)!;
        return
        [
            .. File.ReadLines(Path.Combine(SharedFolder.Repository, "models", "tales", "eval.jsonl")).Take(TalesTexts).Select(line =>
            {
                JsonElement messages = JsonElement.Parse(line).GetProperty("messages");
                ChatTemplateInput input = new() { Messages = [.. messages.EnumerateArray().Select(TemplateMessage.FromJson)] };
                return tokenizer.Encode(template.Render(input), addSpecialTokens: false);
            }),
        ];
    }
}
