using System.Text;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class GenerationDefaultsTests
{
    [Fact]
    public void Parse_EveryKey_GivesIt()
    {
        GenerationDefaults defaults = Parse(
            """
            {
              "eos_token_id": [3, 4], "bos_token_id": 1, "pad_token_id": 0, "do_sample": true, "temperature": 0.6, "top_k": 0, "top_p": 0.9, "min_p": 0.05,
              "repetition_penalty": 1.1, "max_new_tokens": 256
            }
            """);
        Assert.Equal([3, 4], defaults.EndIds);
        Assert.Equal((1, 0, true, 0, 256), (defaults.BosId, defaults.PadId, defaults.DoSample, defaults.TopK, defaults.MaxNewTokens));
        Assert.Equal((0.6f, 0.9f, 0.05f, 1.1f), (defaults.Temperature, defaults.TopP, defaults.MinP, defaults.RepetitionPenalty));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"eos_token_id":null,"temperature":null,"top_k":null}""")]
    public void Parse_AbsentOrNull_IsNull(string json)
    {
        GenerationDefaults defaults = Parse(json);
        Assert.Empty(defaults.EndIds);
        Assert.False(defaults.DoSample);
        Assert.Equal((null, null, null), (defaults.Temperature, defaults.TopK, defaults.BosId));
    }

    [Fact]
    public void Parse_SpecialIdMinusOne_IsNone() =>
        Assert.Equal((null, null), (Parse("""{"pad_token_id":-1,"bos_token_id":-1}""").PadId, Parse("""{"bos_token_id":-1}""").BosId));

    [Theory]
    [InlineData("""{"temperature":-0.5}""", "temperature", "-0.5; expected a number of at least 0.")]
    [InlineData("""{"top_p":1.5}""", "top_p", "1.5; expected a number from 0 to 1.")]
    [InlineData("""{"min_p":-1}""", "min_p", "-1; expected a number from 0 to 1.")]
    [InlineData("""{"repetition_penalty":0}""", "repetition_penalty", "0; expected a number above 0.")]
    [InlineData("""{"top_k":[1,2]}""", "top_k", "a list of 2; expected one integer.")]
    [InlineData("""{"do_sample":"yes"}""", "do_sample", "\"yes\"; expected true or false.")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens", "0; expected a positive integer up to 2147483647.")]
    public void Parse_ValueOutOfRange_ShowsIt(string json, string key, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json));
        Assert.Equal(($"generation_config.json: '{key}' is {problem}", key), (error.Message, error.Key));
    }

    [Fact]
    public void Load_FileAbsent_IsNull()
    {
        using TemporaryFolder folder = new();
        Assert.Null(GenerationDefaults.Load(folder.Path));
        folder.Write("generation_config.json", """{"eos_token_id":2}""");
        Assert.Equal([2], GenerationDefaults.Load(folder.Path)!.EndIds);
    }

    private static GenerationDefaults Parse(string json) => GenerationDefaults.Parse(Encoding.UTF8.GetBytes(json), "generation_config.json");
}
