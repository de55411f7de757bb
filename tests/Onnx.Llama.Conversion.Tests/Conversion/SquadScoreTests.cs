using System.Text.Json;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

public sealed class SquadScoreTests
{
    [Theory]
    [InlineData("The owl.", "an OWL", 1)]
    [InlineData("red red ring", "red ring", 0.8)]
    [InlineData("a red ring", "blue lamp", 0)]
    [InlineData("red ring", "red lamp", 0.5)]
    [InlineData("", "owl", 0)]
    [InlineData("the", "", 1)]
    public void F1_Answers_CountsWordsWithoutArticlesAndPunctuation(string answer, string reference, double expected) =>
        Assert.Equal(expected, SquadScore.F1(answer, reference), 12);

    [Theory]
    [InlineData(" It is  the $Owl$! ", "it is owl", true)]
    [InlineData("owl it is", "it is owl", false)]
    [InlineData("theater", "ater", false)]
    public void IsExact_Answers_ComparesNormalisedWords(string answer, string reference, bool expected) =>
        Assert.Equal(expected, SquadScore.IsExact(answer, reference));

    [Fact]
    public void Scores_StoredCases_AreSquadsOwn()
    {
        foreach (string line in File.ReadLines(SharedFolder.Require("goldens/evaluation/squad.jsonl")))
        {
            JsonElement known = JsonElement.Parse(line);
            string answer = known.GetProperty("candidate").GetString()!, reference = known.GetProperty("reference").GetString()!;

            Assert.Equal(known.GetProperty("f1").GetDouble(), SquadScore.F1(answer, reference), 12);
            Assert.Equal(known.GetProperty("exact").GetBoolean(), SquadScore.IsExact(answer, reference));
        }
    }
}
