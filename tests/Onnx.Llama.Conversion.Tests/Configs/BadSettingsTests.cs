using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Tests.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>Configs that contradict themselves, their weights or their family: refused, with the key and what was expected.</summary>
public sealed class BadSettingsTests
{
    [Theory]
    [InlineData("llama", """{"attn_logit_softcapping": 50.0}""", "'attn_logit_softcapping' is 50.0; expected no key that 'llama' reads")]
    [InlineData("llama", """{"sliding_window": 8}""", "'sliding_window' is 8")]
    [InlineData("llama", """{"num_local_experts": 4, "num_experts_per_tok": 2}""", "'num_local_experts' is 4")]
    [InlineData("llama", """{"layer_types": ["sliding_attention", "full_attention"]}""", "'layer_types' is a list of 2")]
    [InlineData("qwen2", """{"embedding_multiplier": 12.0}""", "'embedding_multiplier' is 12.0")]
    [InlineData("gemma", """{"final_logit_softcapping": 30.0}""", "'final_logit_softcapping' is 30.0")]
    [InlineData("gemma2", """{"clip_qkv": 8.0}""", "'clip_qkv' is 8.0")]
    [InlineData("mistral", """{"no_rope_layers": [1, 0]}""", "'no_rope_layers' is a list of 2")]
    [InlineData("mixtral", """{"kv_lora_rank": 16}""", "'kv_lora_rank' is 16")]
    public void Create_SettingOfAnotherFamily_NamesIt(string family, string changes, string expected) => AssertRefused(family, changes, expected);

    [Theory]
    [InlineData("llama", """{"sliding_window": null, "use_sliding_window": false, "residual_multiplier": 1}""")]
    [InlineData("llama", """{"layer_types": ["full_attention", "full_attention"]}""")]
    [InlineData("llama", """{"sliding_window": 4096, "use_sliding_window": false}""")]
    [InlineData("llama", """{"sliding_window": 4096}""")]
    public void Create_SettingOfAnotherFamilyThatChangesNothing_IsTaken(string family, string changes)
    {
        using TemporaryFolder folder = new();
        Plan(folder, family, changes).Dispose();
    }

    [Theory]
    [InlineData("mistral", """{"sliding_window": 97}""", "'sliding_window' is 97; expected at most the context, 96 tokens")]
    [InlineData("mistral", """{"sliding_window": 0}""", "'sliding_window' is 0; expected a positive integer")]
    [InlineData("gemma3_text", """{"sliding_window": 4096, "max_position_embeddings": 1024}""",
        "'sliding_window' is 4096; expected at most the context, 1024 tokens")]
    [InlineData("gemma3_text", """{"layer_types": ["full_attention"]}""",
        "'layer_types' is a list of 1; expected one of 'full_attention' and 'sliding_attention' for each")]
    [InlineData("gemma3_text", """{"layer_types": ["chunked_attention", "full_attention"]}""",
        "'layer_types' is a list of 2; expected one of 'full_attention' and")]
    [InlineData("exaone4", """{"sliding_window": 8, "sliding_window_pattern": "LGLG"}""",
        "'sliding_window_pattern' is \"LGLG\"; expected a number, or letters L with one G")]
    [InlineData("smollm3", """{"no_rope_layers": [1]}""", "'no_rope_layers' is a list of 1; expected a 0 or 1 for each of the 2 layers")]
    [InlineData("smollm3", """{"no_rope_layers": [1, 2]}""", "'no_rope_layers' is a list of 2; expected a 0 or 1")]
    [InlineData("qwen2", """{"use_sliding_window": "no"}""", "'use_sliding_window' is \"no\"; expected true or false")]
    public void Create_WindowsThatDoNotFit_NamesTheKeyAndBothValues(string family, string changes, string expected) => AssertRefused(family, changes, expected);

    [Theory]
    [InlineData("""{"type": "longrope", "factor": 2.0, "short_factor": [1.0], "long_factor": [1.0]}""",
        "'short_factor' and 'long_factor' have 1 numbers; expected")]
    [InlineData("""{"type": "longrope", "factor": 2.0, "short_factor": [1.0, 1.0], "long_factor": [1.0]}""",
        "'rope_scaling.long_factor' is a list of 1; expected a list of 2")]
    [InlineData("""{"type": "longrope", "short_factor": [1.0], "long_factor": [1.0]}""", "'rope_scaling.factor' is missing; expected a positive number, or")]
    [InlineData("""{"type": "yarn"}""", "'rope_scaling.factor' is missing; expected a positive number, or 'original_max_position_embeddings'")]
    [InlineData("""{"type": "linear", "factor": -2}""", "'rope_scaling.factor' is -2; expected a positive number")]
    [InlineData("""{"type": "linear", "factor": 2, "alpha": 1000}""", "'rope_scaling.alpha' is a setting; expected only keys that this rope_type has")]
    [InlineData("""{"type": "mrope", "mrope_section": [1, 2, 3]}""",
        "'rope_scaling.type' is \"mrope\"; expected default, linear, dynamic, yarn, llama3 or longrope")]
    public void Create_RotationThatDoesNotFit_NamesTheKey(string scaling, string expected) =>
        AssertRefused("llama", $$"""{"rope_scaling": {{scaling}}}""", expected);

    [Theory]
    [InlineData("""{"num_key_value_heads": 3}""", "'num_key_value_heads' is 3; expected a divisor of num_attention_heads (4)")]
    [InlineData("""{"num_attention_heads": 5, "num_key_value_heads": 5, "head_dim": null}""",
        "'hidden_size' is 32; expected a multiple of num_attention_heads (5)")]
    [InlineData("""{"num_attention_heads": 8}""", "tensor 'model.layers.0.self_attn.q_proj.weight' is")]
    [InlineData("""{"num_hidden_layers": 3}""", "tensor 'model.layers.2.input_layernorm.weight' is not among")]
    [InlineData("""{"num_hidden_layers": 1}""", "has no place in a 'llama' of this config")]
    [InlineData("""{"hidden_size": 2147483647}""", "tensor 'model.embed_tokens.weight' is")]
    [InlineData("""{"vocab_size": 1e3}""", "'vocab_size' is 1e3; expected a positive integer")]
    public void Create_SizesThatDoNotFit_NamesKeyOrTensor(string changes, string expected) => AssertRefused("llama", changes, expected);

    private static void AssertRefused(string family, string changes, string expected)
    {
        using TemporaryFolder folder = new();

        Exception fault = Assert.ThrowsAny<Exception>(() => Plan(folder, family, changes));

        Assert.True(fault is CheckpointException or ConversionException, fault.ToString());
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Plans the family's tiny checkpoint with some keys changed; null removes one.</summary>
    private static ConversionPlan Plan(TemporaryFolder folder, string family, string changes)
    {
        FamilyFixtures.Write(family, folder.Path);
        JsonObject config = JsonNode.Parse(File.ReadAllText(folder[HfConfig.FileName]))!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject()) config[key] = value?.DeepClone();
        folder.Write(HfConfig.FileName, config.ToJsonString());
        return ConversionPlan.Create(folder.Path, new ConversionOptions { Precision = PrecisionRecipe.Fp32 });
    }
}
