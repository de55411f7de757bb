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
        string lengths = string.Join('\n', files.OrderByDescending(file => file.Lines).Select(file => $"{file.Lines,3} {file.Name}"));
        TestContext.Current.TestOutputHelper!.WriteLine(lengths);

        Assert.All(files, file => Assert.InRange(file.Lines, 1, MostLines));
    }

    [Fact]
    public void Reference_OfEveryFamily_IsNamed() => Assert.All(
        KnownFamilies.All.Select(FamilySource.Of), file => Assert.Matches(@"^transformers, models/\w+/modeling_\w+\.py\.$", file.Reference));
}
