using Onnx.Llama.Conversion.Tests.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>The graph of each family's tiny checkpoint, compared with the approved text in tests/Expectations/families.</summary>
public sealed class FamilyGraphTests
{
    [Theory]
    [MemberData(nameof(FamilyFixtures.Names), MemberType = typeof(FamilyFixtures))]
    public void Write_OfATinyCheckpoint_GivesTheApprovedGraph(string name)
    {
        using TemporaryFolder folder = new();
        string output = Converted.Write(FamilyFixtures.Write(name, folder["source"]), folder["model"], PrecisionRecipe.Fp32);

        Expectations.OfRepository.Verify($"families/{name}.graph", GraphOutline.Of(OnnxModel.Read(Path.Combine(output, GraphTarget.Cpu.File))));
    }
}
