using System.Text.RegularExpressions;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>The file that a family is written in.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="Summary">What its documentation says of the family, before the reference implementation.</param>
/// <param name="Reference">The reference implementation that it names, or an empty text.</param>
internal sealed partial record FamilySource(string Name, int Lines, string Summary, string Reference)
{
    private const string Folder = "converters/Onnx.Llama.Conversion/Families";

    /// <summary>The file that gives a model_type to a family.</summary>
    public static FamilySource Of(ModelFamily family)
    {
        string file = Assert.Single(
            Directory.GetFiles(Path.Combine(SharedFolder.Repository, Folder), "*Family.cs"),
            file => File.ReadAllText(file).Contains($"Family = new(\"{family.ModelType}\"", StringComparison.Ordinal));
        string documentation = Documentation().Match(File.ReadAllText(file)).Groups[1].Value;
        string[] parts = Code().Replace(Gap().Replace(documentation, " "), "`").Split("Reference: ");
        return new FamilySource(Path.GetFileName(file), File.ReadAllLines(file).Length, parts[0].Trim(), parts.Length == 2 ? parts[1].Trim() : "");
    }

    [GeneratedRegex("<summary>(.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Documentation();

    [GeneratedRegex("</?c>")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+(///\s*)?")]
    private static partial Regex Gap();
}
