using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Repository;

/// <summary>The project files keep to the design; and the rules find what breaks it.</summary>
public sealed class ProjectArrowsTests
{
    public static TheoryData<string> Projects { get; } = new(
        from area in new[] { "src", "converters" }
        from file in Directory.EnumerateFiles(Path.Combine(SharedFolder.Repository, area), "*.csproj", SearchOption.AllDirectories)
        select Path.GetRelativePath(SharedFolder.Repository, file).Replace('\\', '/'));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_KeepsToTheDesign(string file)
    {
        string text = File.ReadAllText(Path.Combine(SharedFolder.Repository, file));
        Assert.Empty(ProjectRules.Violations(Path.GetFileNameWithoutExtension(file), text));
    }

    [Fact]
    public void Projects_AreFoundInBothAreas()
    {
        string[] found = [.. Projects.Select(row => row.Data)];
        Assert.Contains("src/Onnx.Llama.Graph/Onnx.Llama.Graph.csproj", found);
        Assert.Contains("converters/Onnx.Llama.Conversion/Onnx.Llama.Conversion.csproj", found);
    }

    [Theory]
    [InlineData("Onnx.Llama.Conversion", """<ProjectReference Include="../../src/Onnx.Llama.Graph/Onnx.Llama.Graph.csproj" />""")]
    [InlineData("Onnx.Llama.Cli", """<ProjectReference Include="../../converters/Onnx.Llama.Conversion/Onnx.Llama.Conversion.csproj" />""")]
    [InlineData("Onnx.Llama", """<PackageReference Include="Microsoft.ML.OnnxRuntime.Managed" />""")]
    [InlineData("Onnx.Llama.Cli", """<PackageReference Include="Microsoft.ML.OnnxRuntime.Gpu" />""")]
    public void Violations_OfWhatTheDesignHas_AreNone(string name, string item) => Assert.Empty(Violations(name, item));

    [Theory]
    [InlineData(
        "Onnx.Llama.Graph",
        """<ProjectReference Include="../Onnx.Llama.Manifest/Onnx.Llama.Manifest.csproj" />""",
        "Onnx.Llama.Graph refers to Onnx.Llama.Manifest; the design has no such arrow.")]
    [InlineData(
        "Onnx.Llama",
        """<ProjectReference Include="..\..\converters\Onnx.Llama.Conversion\Onnx.Llama.Conversion.csproj" />""",
        "Onnx.Llama refers to Onnx.Llama.Conversion; the design has no such arrow.")]
    [InlineData(
        "Onnx.Llama.Conversion",
        """<ProjectReference Include="../Onnx.Llama.Checkpoints/Onnx.Llama.Checkpoints.csproj;../../src/Onnx.Llama/Onnx.Llama.csproj" />""",
        "Onnx.Llama.Conversion refers to Onnx.Llama; the design has no such arrow.")]
    [InlineData(
        "Onnx.Llama.Cli",
        """<ProjectReference Include="../Onnx.Llama.New/Onnx.Llama.New.csproj" />""",
        "Onnx.Llama.Cli refers to Onnx.Llama.New; the design has no such arrow.")]
    [InlineData(
        "Onnx.Llama.Cli",
        """<ProjectReference Include="../../tests/Onnx.Llama.Testing/Onnx.Llama.Testing.csproj" />""",
        "Onnx.Llama.Cli refers to ../../tests/Onnx.Llama.Testing/Onnx.Llama.Testing.csproj; expected nothing of tests.")]
    [InlineData("Onnx.Llama.New", "", "Onnx.Llama.New is in no list of arrows; expected the design and this test to know it.")]
    [InlineData(
        "Onnx.Llama.Cli",
        """<PackageReference Include="System.CommandLine" Version="3.0.0" />""",
        "Onnx.Llama.Cli gives a version of System.CommandLine; expected all versions in eng/Packages.props.")]
    [InlineData(
        "Onnx.Llama.Graph",
        """<PackageReference Include="Google.Protobuf" VersionOverride="3.0.0" />""",
        "Onnx.Llama.Graph gives a version of Google.Protobuf; expected all versions in eng/Packages.props.")]
    [InlineData(
        "Onnx.Llama.Graph",
        """<PackageReference Include="Google.Protobuf"><Version>3.0.0</Version></PackageReference>""",
        "Onnx.Llama.Graph gives a version of Google.Protobuf; expected all versions in eng/Packages.props.")]
    [InlineData(
        "Onnx.Llama",
        """<PackageReference Include="Microsoft.ML.OnnxRuntime" />""",
        "Onnx.Llama refers to Microsoft.ML.OnnxRuntime; expected Microsoft.ML.OnnxRuntime.Managed only: the application brings the native library.")]
    [InlineData(
        "Onnx.Llama.Server",
        """<PackageReference Include="microsoft.ml.onnxruntime.directml" />""",
        "Onnx.Llama.Server refers to microsoft.ml.onnxruntime.directml; expected Microsoft.ML.OnnxRuntime.Managed only: the application brings the native library.")]
    [InlineData(
        "Onnx.Llama",
        """<Import Project="../../eng/OnnxRuntime.props" />""",
        "Onnx.Llama imports OnnxRuntime.props; expected that of applications and tests only.")]
    public void Violations_OfWhatTheDesignHasNot_NameIt(string name, string item, string expected) => Assert.Equal([expected], Violations(name, item));

    private static IEnumerable<string> Violations(string name, string item) =>
        ProjectRules.Violations(name, $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""");
}
