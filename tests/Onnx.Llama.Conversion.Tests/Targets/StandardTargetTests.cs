using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Targets;

/// <summary>The graph of ONNX's own operators against the values of Hugging Face transformers, for every family.</summary>
public sealed class StandardTargetTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [MemberData(nameof(Goldens.Names), MemberType = typeof(Goldens))]
    public void Step_OfAModel_GivesTheReferenceValues(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        Dictionary<string, ReferenceTensor> reference = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        using TemporaryFolder folder = new();
        string file = Path.Combine(Converted.Write(source, folder["model"], PrecisionRecipe.Fp32, GraphTarget.Standard), GraphTarget.Standard.File);
        Assert.All(OnnxModel.Read(file).Proto.Graph.Node, node => Assert.Equal("", node.Domain));

        using GrowingGraph graph = new(file);
        int[] ids = reference["ids"].Ids();
        float[] logits = graph.Step(ids);
        double deviation = Logits.StandardDeviation(reference["logits"].Floats());
        Assert.InRange(Logits.GreatestDifference(reference["logits"].Floats(), logits) / deviation, 0, Tolerance);

        int vocabulary = reference["logits"].Shape[1];
        List<int> greedy = [];
        foreach (int expected in reference["greedy"].Ids())
        {
            greedy.Add(Array.IndexOf(logits, logits[^vocabulary..].Max(), logits.Length - vocabulary) % vocabulary);
            Assert.Equal(expected, greedy[^1]);
            logits = graph.Step(greedy[^1]);
        }

        graph.Reset();
        float[] longLogits = reference["long_logits"].Floats();
        Assert.InRange(Logits.GreatestDifference(longLogits, graph.Step(reference["long_ids"].Ids())[^longLogits.Length..]) / deviation, 0, Tolerance);
    }
}
