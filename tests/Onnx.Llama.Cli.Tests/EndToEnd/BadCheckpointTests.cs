using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

/// <summary>What is wrong with a checkpoint is said in one line that names it, with exit code 1; nothing is written.</summary>
public sealed class BadCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    public BadCheckpointTests() => _source = TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default with { Layers = 1 });

    private string Config => Path.Combine(_source, "config.json");

    private string Weights => Path.Combine(_source, "model.safetensors");

    [Fact]
    public Task NoFolder() => AssertRefusedAsync(["nowhere"], source: _folder["nowhere"]);

    [Fact]
    public Task EmptyFolder()
    {
        Directory.CreateDirectory(_folder["empty"]);
        return AssertRefusedAsync([_folder["empty"], "config.json"], source: _folder["empty"]);
    }

    [Fact]
    public Task ConfigMissing()
    {
        File.Delete(Config);
        return AssertRefusedAsync([_source, "config.json"]);
    }

    [Fact]
    public Task ConfigNotJson()
    {
        File.WriteAllText(Config, "model_type: llama");
        return AssertRefusedAsync(["config.json: is not JSON"]);
    }

    [Fact]
    public Task WeightsMissing()
    {
        File.Delete(Weights);
        return AssertRefusedAsync([_source, "safetensors"]);
    }

    [Theory]
    [InlineData("model_type", null, "'model_type' is missing; expected the name of an architecture")]
    [InlineData("model_type", "\"lama\"", "Did you mean 'llama'")]
    [InlineData("hidden_size", "-64", "'hidden_size' is -64; expected a positive integer")]
    [InlineData("num_hidden_layers", "1.5", "'num_hidden_layers' is 1.5; expected a positive integer")]
    [InlineData("rope_scaling", """{"rope_type": "spiral"}""", "\"spiral\"")]
    [InlineData("head_dim", "13", "'head_dim' is 13; expected an even number")]
    [InlineData("num_key_value_heads", "3", "'num_key_value_heads' is 3; expected a divisor of num_attention_heads (4)")]
    [InlineData("hidden_act", "\"tanh\"", "'hidden_act' is \"tanh\"; expected 'silu', 'gelu'")]
    public Task ConfigValue(string key, string? value, string expected)
    {
        Change(key, value);
        return AssertRefusedAsync(["config.json: ", expected]);
    }

    [Theory]
    [InlineData("intermediate_size", "130", "'model.layers.0.mlp.gate_proj.weight' is [128, 64] BF16; expected [130, 64]")]
    [InlineData("vocab_size", "319", "'model.embed_tokens.weight' is [320, 64] BF16; expected [319, 64]")]
    [InlineData("head_dim", "18", "'model.layers.0.self_attn.q_proj.weight' is [64, 64] BF16; expected [72, 64] (4 heads x head_dim 18, hidden_size 64)")]
    public Task SizeThatContradictsATensor(string key, string value, string expected)
    {
        Change(key, value);
        return AssertRefusedAsync(["model.safetensors: tensor ", expected]);
    }

    [Fact]
    public Task TensorMissing()
    {
        Change("num_hidden_layers", "2");
        return AssertRefusedAsync(["'model.layers.1.input_layernorm.weight'"]);
    }

    [Fact]
    public Task TensorLeftOver()
    {
        Rewrite(tensors => tensors["model.layers.0.self_attn.q_norm.weight"] = new ReferenceTensor("BF16", [16], new byte[32]));
        return AssertRefusedAsync(["model.safetensors: tensor", "'model.layers.0.self_attn.q_norm.weight' [16] BF16"]);
    }

    [Fact]
    public Task NotANumberAtInt4()
    {
        const string Name = "model.layers.0.mlp.up_proj.weight";
        Rewrite(tensors => (tensors[Name].Bytes[2 * 67], tensors[Name].Bytes[(2 * 67) + 1]) = (0xC0, 0x7F)); // row 1, column 3
        return AssertRefusedAsync(["up_proj", "row 1, column 3 is not finite"]);
    }

    [Fact]
    public Task TiedHeadThatDiffers()
    {
        Change("tie_word_embeddings", "true");
        return AssertRefusedAsync(["config.json", "tie_word_embeddings is true, but 'lm_head.weight' and 'model.embed_tokens.weight' differ from row 0 on"]);
    }

    [Fact]
    public Task WeightsCutOff()
    {
        byte[] bytes = File.ReadAllBytes(Weights);
        File.WriteAllBytes(Weights, bytes[..^100]);
        return AssertRefusedAsync(["model.safetensors: tensor 'lm_head.weight'"]);
    }

    [Fact]
    public async Task OutputExists()
    {
        Directory.CreateDirectory(_folder["out"]);
        ToolRun run = await ToolRun.OfAsync("convert", _source, _folder["out"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"error: {_folder["out"]}: exists already. Give another OUTPUT, or --force", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public Task OutputBelowAFile()
    {
        File.WriteAllText(_folder["file"], "mine");
        return AssertRefusedAsync([_folder["file/out"], "cannot be written"], output: _folder["file/out"]);
    }

    [Fact]
    public Task OutputIsTheSource() => AssertRefusedAsync(["is, or holds, the checkpoint"], output: _source);

    [Fact]
    public Task OutputHoldsTheSource() => AssertRefusedAsync(["is, or holds, the checkpoint"], output: _folder.Path);

    public void Dispose() => _folder.Dispose();

    private async Task AssertRefusedAsync(string[] expected, string? source = null, string? output = null)
    {
        string before = FolderBytes.Of(_folder.Path);

        ToolRun run = await ToolRun.OfAsync("convert", source ?? _source, output ?? _folder["out"], "--force");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        string line = Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        foreach (string part in expected) Assert.Contains(part, line, StringComparison.Ordinal);
        Assert.Equal(before, FolderBytes.Of(_folder.Path));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    /// <summary>Sets a key of config.json to a JSON value, or removes it.</summary>
    private void Change(string key, string? value)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        config.Remove(key);
        if (value is not null) config[key] = JsonNode.Parse(value);
        File.WriteAllText(Config, config.ToJsonString());
    }

    private void Rewrite(Action<Dictionary<string, ReferenceTensor>> change)
    {
        Dictionary<string, ReferenceTensor> tensors = ReferenceTensors.Read(Weights);
        change(tensors);
        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in tensors)
        {
            writer.Add(name, Enum.Parse<DType>(tensor.DType), [.. tensor.Shape.Select(size => (long)size)], tensor.Bytes);
        }

        writer.Save(Weights);
    }
}
