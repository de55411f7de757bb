using System.Text;
using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>What the families with experts read and refuse, from their tiny configs.</summary>
public sealed class ExpertFamiliesTests
{
    [Theory]
    [InlineData("mixtral", "num_experts_per_tok", 5, "'num_experts_per_tok' is 5; expected at most num_local_experts (4)")]
    [InlineData("qwen3_moe", "num_experts_per_tok", 5, "'num_experts_per_tok' is 5; expected at most num_experts (4)")]
    [InlineData("qwen3_moe", "num_local_experts", 8, "'num_experts' is 4; expected the same as num_local_experts (8)")]
    [InlineData("gpt_oss", "experts_per_token", 3, "'experts_per_token' is 3; expected the same as num_experts_per_tok (2)")]
    [InlineData("phimoe", "num_experts_per_tok", 3, "'num_experts_per_tok' is 3; expected 2")]
    [InlineData("olmoe", "clip_qkv", 8, "'clip_qkv' is 8; expected null")]
    [InlineData("deepseek_v3", "n_group", 3, "'n_group' is 3; expected a divisor of the number of experts (8)")]
    [InlineData("deepseek_v3", "n_group", 8, "'n_group' is 8; expected a divisor of the number of experts (8), with two experts or more in a group")]
    [InlineData("deepseek_v3", "topk_group", 5, "'topk_group' is 5; expected at most n_group (4)")]
    [InlineData("deepseek_v3", "topk_group", 1, "'num_experts_per_tok' is 3; expected at most the 2 experts of topk_group groups")]
    [InlineData("deepseek_v3", "topk_method", "greedy", "'topk_method' is \"greedy\"; expected \"noaux_tc\"")]
    [InlineData("deepseek_v3", "scoring_func", "softmax", "'scoring_func' is \"softmax\"; expected \"sigmoid\"")]
    [InlineData("deepseek_v3", "moe_layer_freq", 2, "'moe_layer_freq' is 2; expected 1")]
    [InlineData("deepseek_v3", "kv_lora_rank", 20, "'kv_lora_rank' is 20; expected a multiple of 8")]
    [InlineData("deepseek_v3", "qk_rope_head_dim", 5, "'qk_rope_head_dim' is 5; expected an even number")]
    [InlineData("deepseek_v3", "qk_head_dim", 24, "'qk_head_dim' is 24; expected qk_nope_head_dim + qk_rope_head_dim, 16")]
    [InlineData("deepseek_v3", "num_key_value_heads", 2, "'num_key_value_heads' is 2; expected num_attention_heads, 4")]
    public void Describe_WhatDoesNotFit_NamesTheKeyAndBothValues(string family, string key, object value, string expected)
    {
        CheckpointException fault = Assert.Throws<CheckpointException>(() => Describe(family, (key, JsonValue.Create(value))));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen2_moe", new[] { false, true })]
    [InlineData("qwen3_moe", new[] { false, true })]
    [InlineData("deepseek_v3", new[] { false, true })]
    [InlineData("mixtral", new[] { true, true })]
    public void Describe_LayersWithoutExperts_AreThoseOfTheConfig(string family, bool[] expected) => Assert.Equal(expected, Describe(family).Experts!.InLayer);

    /// <summary>DeepSeek-V3's own settings: (0.1 ln 40 + 1)^2 / sqrt(192), as its README and transformers have it.</summary>
    [Fact]
    public void Describe_YarnForAllDimensions_StretchesTheScores()
    {
        JsonObject rope = new() { ["type"] = "yarn", ["factor"] = 40, ["mscale"] = 1.0, ["mscale_all_dim"] = 1.0, ["original_max_position_embeddings"] = 32 };

        DecoderSpec spec = Describe("deepseek_v3", ("rope_scaling", rope), ("qk_nope_head_dim", 128), ("qk_rope_head_dim", 64));

        Assert.Equal(1.3688879 * 1.3688879 / Math.Sqrt(192), spec.AttentionScale!.Value, 1e-6);
    }

    [Fact]
    public void Write_MoreExpertsConfiguredThanStored_NamesTheRouter()
    {
        using TemporaryFolder folder = new();
        string source = FamilyFixtures.Write("mixtral", folder["source"]);
        Reconfigure(source, "num_local_experts", 6);

        ConversionException fault = Assert.Throws<ConversionException>(() => Converted.Write(source, folder["model"], PrecisionRecipe.Fp32));

        Assert.Contains("'model.layers.0.block_sparse_moe.gate.weight' is [4, 32] BF16; expected [6, 32]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_StackedExpertsOfAnotherWidth_NamesTheTensor()
    {
        using TemporaryFolder folder = new();
        string source = FamilyFixtures.Write("granitemoe", folder["source"]);
        Reconfigure(source, "intermediate_size", 64);

        ConversionException fault = Assert.Throws<ConversionException>(() => Converted.Write(source, folder["model"], PrecisionRecipe.Fp32));

        Assert.Contains("block_sparse_moe.input_linear.weight' is [4, 96, 32] BF16; expected [4, 128, 32]", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Layers behind the model's, which predict further tokens, are left out and named; without the config's word for them they are refused.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_LayersBehindTheModel_AreLeftOutWhereTheConfigSaysSo(bool said)
    {
        using TemporaryFolder folder = new();
        string source = FamilyFixtures.Write("deepseek_v3", folder["source"]);
        Reconfigure(source, "num_hidden_layers", 1);
        if (said) Reconfigure(source, "num_nextn_predict_layers", 1);

        if (said)
        {
            using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions());
            Assert.Contains(plan.Notes, note => note.Contains("'model.layers.1.*'", StringComparison.Ordinal));
        }
        else
        {
            ConversionException fault = Assert.Throws<ConversionException>(() => ConversionPlan.Create(source, new ConversionOptions()).Dispose());
            Assert.Contains("'model.layers.1.", fault.Message, StringComparison.Ordinal);
        }
    }

    private static DecoderSpec Describe(string family, params (string Key, JsonNode? Value)[] changes)
    {
        JsonObject json = JsonNode.Parse(FamilyFixtures.Config(family))!.AsObject();
        foreach ((string key, JsonNode? value) in changes) json[key] = value;
        HfConfig config = HfConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "config.json");
        return KnownFamilies.Of(config).Describe(config);
    }

    private static void Reconfigure(string folder, string key, int value)
    {
        string file = Path.Combine(folder, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json[key] = value;
        File.WriteAllText(file, json.ToJsonString());
    }
}
