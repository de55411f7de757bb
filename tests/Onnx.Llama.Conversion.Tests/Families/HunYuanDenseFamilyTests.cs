using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

public sealed class HunYuanDenseFamilyTests
{
    private static readonly JsonObject s_published = new()
    {
        ["alpha"] = 1000.0,
        ["beta_fast"] = 32,
        ["beta_slow"] = 1,
        ["factor"] = 1.0,
        ["mscale"] = 1.0,
        ["mscale_all_dim"] = 1.0,
        ["type"] = "dynamic",
    };

    [Fact]
    public void Describe_PublishedScaling_StretchesTheBaseAtAnyLength()
    {
        DecoderSpec spec = Describe(s_published.DeepClone(), headDim: 128);

        RopeConfig.Default rope = Assert.IsType<RopeConfig.Default>(spec.Attention[0].Rope);
        Assert.Equal(11158839.925, rope.Theta, 3);
        Assert.Equal(262144, spec.ContextLength);
    }

    [Fact]
    public void Describe_DynamicWithoutAlpha_StaysDynamic() =>
        Assert.IsType<RopeConfig.Dynamic>(Describe(new JsonObject { ["rope_type"] = "dynamic", ["factor"] = 2.0 }, headDim: 128).Attention[0].Rope);

    [Fact]
    public void Describe_AlphaOfZero_IsRefused()
    {
        JsonNode scaling = s_published.DeepClone();
        scaling["alpha"] = 0;

        string message = Assert.Throws<CheckpointException>(() => Describe(scaling, headDim: 128)).Message;

        Assert.Contains("'rope_scaling.alpha' is 0; expected a positive number", message, StringComparison.Ordinal);
    }

    private static DecoderSpec Describe(JsonNode scaling, int headDim)
    {
        JsonObject json = JsonNode.Parse(TinyCheckpoint.Default.ToJson())!.AsObject();
        json["model_type"] = "hunyuan_v1_dense";
        json["max_position_embeddings"] = 262144;
        json["rope_theta"] = 10000.0;
        json["head_dim"] = headDim;
        json["rope_scaling"] = scaling;
        HfConfig config = HfConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "config.json");
        return KnownFamilies.Of(config).Describe(config);
    }
}
