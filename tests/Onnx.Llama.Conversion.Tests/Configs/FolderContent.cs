using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>What a converted folder holds, but for where it came from.</summary>
/// <param name="Graph">The graph's hash.</param>
/// <param name="Files">Hashes of the files by name, and the manifest without its sources and hashes.</param>
internal sealed record FolderContent(string Graph, IReadOnlyDictionary<string, string> Files)
{
    private static readonly ConversionOptions s_options = new() { Precision = PrecisionRecipe.Fp32, Threads = 1 };

    /// <summary>Converts a checkpoint and deletes the folder again.</summary>
    public static FolderContent Of(string source, string output)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, s_options);
        return new FolderContent(GraphOf(plan), FilesOf(plan, output));
    }

    /// <summary>Whether a checkpoint's folder is the same and no note names the setting that differs.</summary>
    public bool IsThatOf(string source, string output, string key)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, s_options);
        if (plan.Notes.Any(note => note.Contains($"'{key}'", StringComparison.Ordinal))) return false;

        // The graph is there at once; writing the folder takes longer.
        return GraphOf(plan) == Graph && FilesOf(plan, output).SequenceEqual(Files);
    }

    private static SortedDictionary<string, string> FilesOf(ConversionPlan plan, string output)
    {
        plan.Write(output, progress: null, TestContext.Current.CancellationToken);
        SortedDictionary<string, string> content = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(output))
        {
            string name = Path.GetFileName(file);
            content[name] = name == ModelManifest.FileName ? WithoutProvenance(File.ReadAllText(file)) : Hash(File.ReadAllBytes(file));
        }

        Directory.Delete(output, recursive: true);
        return content;
    }

    private static string WithoutProvenance(string manifest)
    {
        JsonObject values = JsonNode.Parse(manifest)!.AsObject();
        Assert.True(values.Remove("source") && values.Remove("files"));
        return values.ToJsonString();
    }

    private static string GraphOf(ConversionPlan plan) => Hash(plan.Graphs[0].Model.ToBytes());

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
