using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>The checkpoints of ../shared/goldens/models, whose config.json is there in two spellings.</summary>
internal static class ReferenceModel
{
    private const string Models = "goldens/models";
    private const string NewSpellingFile = "config.v5.json";

    /// <summary>Copies a checkpoint, or skips the test where its family is not there yet; the config as published checkpoints have it.</summary>
    public static JsonObject CopyTo(TemporaryFolder folder, string name)
    {
        string source = SharedFolder.Require($"{Models}/{name}");
        JsonObject config = Read(Path.Combine(source, HfConfig.FileName));
        string modelType = (string)config["model_type"]!;
        Assert.SkipUnless(KnownFamilies.All.Any(family => family.ModelType == modelType), $"{modelType} is not supported yet");
        File.Copy(Path.Combine(source, "model.safetensors"), folder["model.safetensors"]);
        folder.Write(HfConfig.FileName, config.ToJsonString());
        return config;
    }

    /// <summary>The config as transformers 5 writes it.</summary>
    public static JsonObject NewSpelling(string name) => Read(Path.Combine(SharedFolder.PathOf(Models), name, NewSpellingFile));

    /// <summary>All configs, in both spellings.</summary>
    public static IEnumerable<JsonObject> AllConfigs() => Directory.GetDirectories(SharedFolder.PathOf(Models)).Order(StringComparer.Ordinal)
        .SelectMany(folder => (string[])[Path.Combine(folder, HfConfig.FileName), Path.Combine(folder, NewSpellingFile)])
        .Select(Read);

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();
}
