using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Heads;

/// <summary>Classifier and embedders against the values of Hugging Face transformers, on texts of several lengths in one run.</summary>
public sealed class HeadGraphTests
{
    public static TheoryData<string, string, string, string, double> Cases()
    {
        TheoryData<string, string, string, string, double> cases = [];
        foreach ((string name, string value) in new[] { ("classifier", "scores"), ("embedder_llama", "mean"), ("embedder_qwen3", "last") })
        {
            string output = value == "scores" ? "scores" : "embedding";
            foreach (GraphTarget target in GraphTarget.All) cases.Add(name, value, output, target.Name, target.Name is "cuda" or "dml" ? 2e-2 : 1e-4);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_TextsOfSeveralLengths_GivesTheReferenceValues(string name, string value, string output, string target, double tolerance)
    {
        string source = SharedFolder.Require($"goldens/formats/{name}");
        Dictionary<string, ReferenceTensor> reference = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        GraphTarget made = GraphTarget.Named(target);
        using TemporaryFolder folder = new();
        PrecisionRecipe precision = tolerance > 1e-3 ? PrecisionRecipe.Fp16 : PrecisionRecipe.Fp32;
        string file = Path.Combine(Converted.Write(source, folder["model"], precision, made), made.File);

        float[] found = WholeTextGraph.Run(file, reference["ids"], reference["mask"], output);

        Assert.InRange(Logits.GreatestDifferenceInStd(reference[value].Floats(), found), 0, tolerance);
    }
}
