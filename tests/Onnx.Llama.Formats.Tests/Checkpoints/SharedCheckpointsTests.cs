using Onnx.Llama.Checkpoints;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Formats.Tests.Checkpoints;

/// <summary>Checkpoints and configs that others wrote.</summary>
public sealed class SharedCheckpointsTests
{
    [Theory]
    [InlineData("goldens", 130)]
    [InlineData("models", 10)]
    public void Open_EverySafetensorsFile_ReadsFirstAndLastByte(string folder, int least)
    {
        string[] files = Directory.GetFiles(SharedFolder.Require(folder), "*.safetensors", SearchOption.AllDirectories);
        Assert.True(files.Length >= least, $"{files.Length} files in {folder}; expected at least {least}");
        foreach (string path in files)
        {
            using Checkpoint checkpoint = Checkpoint.OpenFile(path);
            Assert.NotEmpty(checkpoint.Tensors);
            foreach (TensorInfo tensor in checkpoint.Tensors.Where(tensor => tensor.ByteLength > 0))
            {
                checkpoint.Read(tensor, 0, new byte[1]);
                checkpoint.Read(tensor, tensor.ByteLength - 1, new byte[1]);
            }
        }
    }

    [Theory]
    [InlineData("goldens/formats/llama_bf16_sharded", 4)]
    [InlineData("models/tiny-random-hf/tiny_qwen3_sharded", 2)]
    public void Open_Sharded_OpensEveryShard(string folder, int shards)
    {
        using Checkpoint checkpoint = Checkpoint.Open(SharedFolder.Require(folder));
        Assert.Equal(shards, checkpoint.Shards.Length);
    }

    [Theory]
    [InlineData("llama_bf16_sharded")]
    [InlineData("llama_f16")]
    public void Open_FormatsOfOneModel_HaveTheSameTensors(string name)
    {
        using Checkpoint one = Checkpoint.Open(SharedFolder.Require("goldens/formats/llama_f32"));
        using Checkpoint other = Checkpoint.Open(SharedFolder.Require($"goldens/formats/{name}"));
        Assert.Equal(one.Tensors.Select(tensor => (tensor.Name, tensor.Elements)), other.Tensors.Select(tensor => (tensor.Name, tensor.Elements)));
    }
}
