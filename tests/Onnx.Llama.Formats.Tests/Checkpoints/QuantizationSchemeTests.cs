using System.Text;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

public sealed class QuantizationSchemeTests
{
    [Theory]
    [InlineData("\"x\":1", null, null)]
    [InlineData(""" "quantization_config":null """, null, null)]
    [InlineData(""" "quantization_config":{"quant_method":"gptq","bits":4,"sym":false} """, "quantization_config", "'gptq' (bits 4, sym false)")]
    [InlineData(""" "quantization":{"group_size":32,"bits":4},"x":1 """, "quantization", "'mlx' (group_size 32, bits 4)")]
    [InlineData(
        """ "quantization":{"group_size":32,"bits":4},"quantization_config":{"group_size":32,"bits":4} """,
        "quantization_config", "'mlx' (group_size 32, bits 4)")]
    [InlineData(""" "quantization_config":{"quant_algo":"FP8","ignore":["lm_head"]} """, "quantization_config", "'modelopt' (quant_algo FP8)")]
    [InlineData(""" "quantization_config":{"quant_method":"mxfp4"} """, "quantization_config", "'mxfp4'")]
    [InlineData(""" "quantization_config":{"dense_quant_type":"fp8"} """, "quantization_config", "'unknown' (dense_quant_type fp8)")]
    public void Quantization_InConfig_IsNamed(string values, string? key, string? text)
    {
        HfConfig config = Parse(values);
        Assert.Equal((key, text), (config.Quantization?.Key, config.Quantization?.ToString()));
    }

    [Fact]
    public void Quantization_KeyNotRead_IsUnread() => Assert.Equal(
        ["quantization_config"], Parse(""" "quantization_config":{"quant_method":"awq"} """).UnreadKeys);

    [Fact]
    public void Quantization_NotAnObject_IsRefused() => Assert.Equal(
        "config.json: 'quantization' is \"4bit\"; expected an object.",
        Assert.Throws<CheckpointException>(() => Parse(""" "quantization":"4bit" """)).Message);

    [Fact]
    public void Quantization_FileOfModelOpt_IsNamed()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", """{"model_type":"qwen3"}""");
        folder.Write("hf_quant_config.json", """{"producer":{"name":"modelopt"},"quantization":{"quant_algo":"NVFP4","group_size":16}}""");
        QuantizationScheme scheme = HfConfig.Load(folder.Path).Quantization!;
        Assert.Equal(("hf_quant_config.json", "'modelopt' (quant_algo NVFP4, group_size 16)"), (scheme.Key, scheme.ToString()));
    }

    [Theory]
    [InlineData("goldens/formats/gptq_4bit_g128", "gptq")]
    [InlineData("goldens/formats/awq_4bit_g128", "awq")]
    [InlineData("goldens/formats/fp8_block128", "fp8")]
    [InlineData("goldens/configs/gpt-oss-20b", "mxfp4")]
    [InlineData("goldens/configs/mistral-small-4-mlx-4bit", "mlx")]
    [InlineData("goldens/configs/qwen3-235b-a22b-nvfp4", "modelopt")]
    [InlineData("goldens/configs/llama-3.1-405b-instruct-fp8", "fbgemm_fp8")]
    [InlineData("models/tiny-random-hf/tiny_llama3_tied", "mlx")]
    [InlineData("models/tiny-random-hf/tiny_llama3", null)]
    public void Quantization_RealCheckpoint_IsNamed(string folder, string? method) =>
        Assert.Equal(method, HfConfig.Load(SharedFolder.Require(folder)).Quantization?.Method);

    private static HfConfig Parse(string values) => HfConfig.Parse(Encoding.UTF8.GetBytes($"{{\"model_type\":\"llama\",{values}}}"), "config.json");
}
