using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>Models of images and text: the text part gives the folder that the text model alone gives, and what is left out is said.</summary>
public sealed class TextPartTests
{
    private static readonly ConversionOptions s_options = new() { Precision = PrecisionRecipe.Fp32, Threads = 1 };

    [Theory]
    [InlineData("gemma3", "gemma3", "language_model.model.", "language_model.", "")]
    [InlineData("gemma3", "gemma3", "model.language_model.", "", "model.")]
    [InlineData("mistral", "mistral3", "language_model.model.", "language_model.", "")]
    [InlineData("mistral", "mistral3", "model.language_model.", "", "model.")]
    public void Create_TextPartOfAWrapper_GivesTheTextModelsFolder(string name, string wrapper, string body, string head, string beside)
    {
        using TemporaryFolder alone = new();
        using TemporaryFolder wrapped = new();
        JsonObject text = ReferenceModel.CopyTo(alone, name);
        JsonObject whole = new() { ["model_type"] = wrapper, ["vision_config"] = new JsonObject { ["hidden_size"] = 8 }, ["text_config"] = text.DeepClone() };
        foreach (string key in (string[])["bos_token_id", "eos_token_id"]) whole[key] = text[key]!.DeepClone();
        ((JsonObject)whole["text_config"]!).Remove("eos_token_id");
        wrapped.Write(HfConfig.FileName, whole.ToJsonString());
        Wrap(alone["model.safetensors"], body, head, beside).Save(wrapped["model.safetensors"]);

        Assert.Equal(FolderContent.Of(alone.Path, alone["output"]).Files, FolderContent.Of(wrapped.Path, wrapped["output"]).Files);
        using ConversionPlan plan = ConversionPlan.Create(wrapped.Path, s_options);
        Assert.Contains($"the text part of this '{wrapper}' is converted, and nothing else of it.", plan.Notes);
        Assert.Contains(plan.Notes, note => note.Contains($"'{beside}vision_tower.*'", StringComparison.Ordinal));
        Assert.Equal(3, plan.Notes.Count);
    }

    [Fact]
    public void Create_WrapperWithoutTextPart_NamesTheKey()
    {
        using TemporaryFolder folder = new();
        folder.Write(HfConfig.FileName, """{"model_type": "gemma3"}""");
        new SafetensorsWriter().Save(folder["model.safetensors"]);

        string message = Assert.Throws<CheckpointException>(() => ConversionPlan.Create(folder.Path, s_options)).Message;

        Assert.Contains("'text_config' is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_UnknownKeyOfTheTextPart_IsNotedByItsPath()
    {
        using TemporaryFolder folder = new();
        JsonObject text = ReferenceModel.CopyTo(folder, "mistral");
        text["novelty"] = 2;
        folder.Write(HfConfig.FileName, new JsonObject { ["model_type"] = "mistral3", ["text_config"] = text.DeepClone() }.ToJsonString());

        using ConversionPlan plan = ConversionPlan.Create(folder.Path, s_options);

        Assert.Contains(plan.Notes, note => note.Contains("'text_config.novelty'", StringComparison.Ordinal));
    }

    /// <summary>The tensors under a wrapper's names, and some of an image encoder beside them.</summary>
    private static SafetensorsWriter Wrap(string file, string body, string head, string beside)
    {
        using Checkpoint checkpoint = Checkpoint.OpenFile(file);
        SafetensorsWriter writer = new();
        foreach (TensorInfo tensor in checkpoint.Tensors)
        {
            byte[] bytes = new byte[tensor.ByteLength];
            checkpoint.Read(tensor, 0, bytes);
            string name = tensor.Name.StartsWith("model.", StringComparison.Ordinal) ? body + tensor.Name["model.".Length..] : head + tensor.Name;
            writer.Add(name, tensor.DType, [.. tensor.Shape], bytes);
        }

        return writer
            .Add($"{beside}vision_tower.layers.0.weight", [2, 2], [1, 2, 3, 4])
            .Add($"{beside}multi_modal_projector.weight", [2, 2], [1, 2, 3, 4]);
    }
}
