using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>A family is a small file that states differences and names where they come from.</summary>
public sealed class FamilySourceTests
{
    private const int MostLines = 60;

    [Fact]
    public void Lines_OfEveryFamily_AreFew()
    {
        FamilySource[] files = [.. KnownFamilies.All.Select(FamilySource.Of)];
        foreach (FamilySource file in files.OrderByDescending(file => file.Lines)) TestContext.Current.TestOutputHelper!.WriteLine($"{file.Lines,3} {file.Name}");

        Assert.All(files, file => Assert.InRange(file.Lines, 1, MostLines));
    }

    [Fact]
    public void Reference_OfEveryFamily_IsNamed() => Assert.All(
        KnownFamilies.All.Select(FamilySource.Of), file => Assert.Matches(@"^transformers, models/\w+/modeling_\w+\.py\.$", file.Reference));
}
