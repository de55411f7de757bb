using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

public sealed class LlamaFamilyTests
{
    [Fact]
    public void Describe_AbsentKeys_TakesTransformersDefaults()
    {
        DecoderSpec spec = Describe("num_key_value_heads", null, "head_dim", null, "rms_norm_eps", null, "max_position_embeddings", null);

        Assert.Equal((spec.Heads, spec.Hidden / spec.Heads, 1e-6f, 2048), (spec.KvHeads, spec.HeadDim, spec.Norm.Epsilon, spec.ContextLength));
        Assert.False(spec.QkvBias || spec.OutputBias || spec.FeedForwardBias || spec.TiedHead);
    }

    [Fact]
    public void Describe_DynamicRope_StretchesTheContext()
    {
        JsonObject rope = new() { ["rope_type"] = "dynamic", ["factor"] = 2.5 };

        Assert.Equal(1280, Describe("rope_scaling", rope).ContextLength);
    }

    [Theory]
    [InlineData("num_key_value_heads", 3, "'num_key_value_heads' is 3; expected a divisor of num_attention_heads (4)")]
    [InlineData("head_dim", 13, "'head_dim' is 13; expected an even number")]
    [InlineData("head_dim", int.MaxValue, "'head_dim' is 2147483647; expected an even number up to 65536")]
    [InlineData("head_dim", 0, "'head_dim' is 0; expected a positive integer")]
    [InlineData("hidden_size", -64, "'hidden_size' is -64; expected a positive integer")]
    public void Describe_BadSize_NamesKeyAndBothValues(string key, int value, string expected) => AssertRefused(expected, key, value);

    [Fact]
    public void Describe_HeadDimAbsentAndOdd_IsRefused() =>
        AssertRefused("'head_dim' is 13 (hidden_size 52 / num_attention_heads 4); expected an even number", "head_dim", null, "hidden_size", 52);

    [Fact]
    public void Describe_HeadDimAbsentAndHeadsNotDividing_IsRefused() =>
        AssertRefused("'hidden_size' is 66; expected a multiple of num_attention_heads (4)", "head_dim", null, "hidden_size", 66);

    [Fact]
    public void Describe_HeadsBeyondInt32_IsRefused() =>
        AssertRefused("'head_dim' is 65536", "head_dim", 65536, "num_attention_heads", 65536, "num_key_value_heads", 65536);

    [Fact]
    public void Describe_OtherActivation_IsRefused() => AssertRefused("'hidden_act' is \"tanh\"; expected 'silu', 'gelu'", "hidden_act", "tanh");

    [Fact]
    public void Describe_DynamicRopeBeyondInt32_IsRefused() => AssertRefused(
        "'max_position_embeddings' is 512; expected at most 2147483647 positions",
        "rope_scaling", new JsonObject { ["rope_type"] = "dynamic", ["factor"] = 1e9 });

    [Fact]
    public void Describe_OddShareThatTurns_IsRefused() => AssertRefused("of which an even share (0.2) turns", "partial_rotary_factor", 0.2);

    private static void AssertRefused(string expected, params object?[] changes) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Describe(changes)).Message, StringComparison.Ordinal);

    /// <summary>The facts of a small config with some keys changed, or removed by null.</summary>
    private static DecoderSpec Describe(params object?[] changes)
    {
        JsonObject json = JsonNode.Parse(TinyCheckpoint.Default.ToJson())!.AsObject();
        for (int i = 0; i < changes.Length; i += 2)
        {
            json.Remove((string)changes[i]!);
            if (changes[i + 1] is { } value) json[(string)changes[i]!] = value as JsonNode ?? JsonValue.Create(value);
        }

        return LlamaFamily.Describe(HfConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "config.json"));
    }
}
