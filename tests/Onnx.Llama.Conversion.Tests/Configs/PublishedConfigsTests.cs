using System.Globalization;
using System.Text;
using System.Text.Json;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Configs;

/// <summary>Published models at their real sizes, without their weights: each is taken, every tensor of it, or refused by name.</summary>
public sealed class PublishedConfigsTests
{
    private const string Configs = "goldens/configs";
    private const string TensorList = "tensors.json";

    /// <summary>What stands beside a text model; it counts among a list's parameters, not among the model's.</summary>
    private static readonly string[] s_beside = ["vision_tower.", "multi_modal_projector."];

    [Fact]
    public void Create_EveryPublishedConfig_IsTakenOrRefusedByName()
    {
        StringBuilder outcomes = new();
        foreach (string source in Directory.GetDirectories(SharedFolder.Require(Configs)).Order(StringComparer.Ordinal))
        {
            outcomes.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(source)} | {Outcome(source)}\n");
        }

        Expectations.OfRepository.Verify("published_configs", outcomes.ToString());
    }

    /// <summary>"model_type | parameters | accepted, with notes, or why it is refused".</summary>
    private static string Outcome(string source)
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(source, "*config.json")) File.Copy(file, folder[Path.GetFileName(file)]);
        SparseCheckpoint.Write(folder, Path.Combine(source, TensorList));
        string modelType = HfConfig.Load(source).ModelType;
        try
        {
            using ConversionPlan plan = ConversionPlan.Create(folder.Path, new ConversionOptions { Precision = PrecisionRecipe.Int4 });
            Assert.Equal(Parameters(Path.Combine(source, TensorList)), plan.Parameters);
            string outcome = string.Join(' ', plan.Notes.Prepend("accepted"));
            return string.Create(CultureInfo.InvariantCulture, $"{modelType} | {plan.Parameters / 1e9:0.00} B | {outcome}");
        }
        catch (Exception refusal) when (refusal is CheckpointException or ConversionException)
        {
            Assert.Matches(@"'[\w.]+'", refusal.Message);
            return $"{modelType} | | refused: {Reason(refusal.Message)}";
        }
    }

    /// <summary>What was found: a message's part between the file and what was expected.</summary>
    private static string Reason(string message)
    {
        int start = message.IndexOf(": ", StringComparison.Ordinal) + 2;
        return message[start..message.IndexOf("; expected", StringComparison.Ordinal)];
    }

    private static long Parameters(string list)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(list));
        long parameters = document.RootElement.GetProperty("parameters").GetInt64();
        foreach (JsonProperty tensor in document.RootElement.GetProperty("tensors").EnumerateObject().Where(tensor => s_beside.Any(tensor.Name.StartsWith)))
        {
            parameters -= tensor.Value.GetProperty("shape").EnumerateArray().Aggregate(1L, (count, dimension) => count * dimension.GetInt64());
        }

        return parameters;
    }
}
