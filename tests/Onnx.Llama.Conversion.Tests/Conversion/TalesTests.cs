using System.Text.Json;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Sampling;
using Onnx.Llama.Templates;
using Onnx.Llama.Testing;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>The demo model over its 400 questions: what blocks cost where it counts, in the answers.</summary>
public sealed class TalesTests
{
    /// <summary>Points of F1 (0 to 100) that blocks may lose.</summary>
    private const double GreatestLoss = 2;

    /// <summary>The longest reference answer has fewer.</summary>
    private const int MaxTokens = 160;

    private static readonly string s_source = Path.Combine(SharedFolder.Repository, "models", "tales");

    [Fact]
    public async Task Answers_OfBlocks_AreAsGoodAsAtFp32()
    {
        PrecisionRecipe[] recipes = [PrecisionRecipe.Fp32, PrecisionRecipe.Int4, PrecisionRecipe.Int4Asymmetric, PrecisionRecipe.Int8];
        Score[] scores = await Task.WhenAll(recipes.Select(EvaluateAsync));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", recipes.Zip(scores, (recipe, score) => $"{recipe.Name} {score}")));
        Assert.InRange(scores[0].F1, 30, 100); // the small model's own level; less would be a mistake of prompt or scoring
        foreach (Score quantised in scores[1..]) Assert.InRange(quantised.F1, scores[0].F1 - GreatestLoss, 100);
    }

    private static async Task<Score> EvaluateAsync(PrecisionRecipe precision)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TemporaryFolder folder = new();
        using LanguageModel model = Converted.Open(Converted.Write(s_source, folder["model"], precision));
        Tokenizer tokenizer = Tokenizer.Load(model.Folder);
        ChatTemplateSet template = ChatTemplateSet.Load(model.Folder)!;
        GenerationOptions options = new() { MaxTokens = MaxTokens, Sampling = SamplingOptions.Greedy };
        List<(double F1, bool Exact)> scores = [];
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(s_source, "eval.jsonl"), cancellation))
        {
            JsonElement[] messages = [.. JsonElement.Parse(line).GetProperty("messages").EnumerateArray()];
            ChatTemplateInput input = new() { Messages = [.. messages[..^1].Select(TemplateMessage.FromJson)], AddGenerationPrompt = true };
            int[] prompt = tokenizer.Encode(template.Render(input), addSpecialTokens: false);
            int[] ids = await model.GenerateAsync(prompt, options, cancellation).Select(delta => delta.TokenId).ToArrayAsync(cancellation);
            string answer = tokenizer.Decode(ids, skipSpecialTokens: true), reference = messages[^1].GetProperty("content").GetString()!;
            scores.Add((SquadScore.F1(answer, reference), SquadScore.IsExact(answer, reference)));
        }

        Assert.Equal(400, scores.Count);
        return new Score(100 * scores.Average(score => score.F1), 100 * scores.Average(score => score.Exact ? 1.0 : 0));
    }

    private sealed record Score(double F1, double Exact)
    {
        public override string ToString() => FormattableString.Invariant($"F1 {F1:0.00}, exact match {Exact:0.00}");
    }
}
