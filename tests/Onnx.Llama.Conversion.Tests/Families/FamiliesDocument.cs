using System.Text;
using System.Text.RegularExpressions;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

/// <summary>The text of models/README.md: the families, as their code says, and what becomes of published models.</summary>
internal static partial class FamiliesDocument
{
    private const string Begin = """
        # Families and models

        `tales/` is this project's demo model. The tables below are written by the tests: `ONNX_LLAMA_APPROVE=1 dotnet test tests/Onnx.Llama.Conversion.Tests`.

        ## Families

        What converts, by the `model_type` in config.json. Targets: what `convert --target` takes for the family.

        | model_type | models | differences | targets | reference implementation | file |
        | --- | --- | --- | --- | --- | --- |

        """;

    private const string Wrappers = """

        Of models of images and text the text part converts where it is of one of these families: {0}.

        ## Published models

        What `convert` says to published models: their config.json, with tensors of the published names, types and shapes. Parameters: the text model's.

        | model | model_type | parameters | outcome |
        | --- | --- | --- | --- |

        """;

    /// <summary>The text.</summary>
    public static string Text()
    {
        StringBuilder text = new(Begin);
        foreach (ModelFamily family in KnownFamilies.All) text.Append(Row(family)).Append('\n');
        text.Append(Wrappers.Replace("{0}", string.Join(", ", KnownFamilies.WithText.Select(name => $"`{name}`")), StringComparison.Ordinal));
        string published = Path.Combine(SharedFolder.Repository, "tests", "Expectations", "published_configs.txt");
        foreach (string line in File.ReadLines(published)) text.Append("| ").Append(line).Append(" |\n");
        return text.ToString();
    }

    private static string Row(ModelFamily family)
    {
        FamilySource source = FamilySource.Of(family);
        string differences = Paper().Replace(source.Summary, "[$0](https://arxiv.org/abs/$0)").Replace("|", "\\|", StringComparison.Ordinal);
        string file = $"[{source.Name}](../converters/Onnx.Llama.Conversion/Families/{source.Name})";
        return $"| {family.ModelType} | {family.Models} | {differences} | {string.Join(", ", Targets(family))} | {source.Reference.TrimEnd('.')} | {file} |";
    }

    /// <summary>The targets that a tiny checkpoint of the family converts to.</summary>
    private static IEnumerable<string> Targets(ModelFamily family)
    {
        using TemporaryFolder folder = new();
        FamilyFixtures.Write(family.ModelType, folder["source"]);
        return [.. GraphTarget.All.Where(target => Converts(folder["source"], target)).Select(target => target.Name)];
    }

    private static bool Converts(string source, GraphTarget target)
    {
        try
        {
            ConversionPlan.Create(source, new ConversionOptions { Precision = PrecisionRecipe.Fp16, Targets = [target] }).Dispose();
            return true;
        }
        catch (ConversionException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\b\d{4}\.\d{5}\b")]
    private static partial Regex Paper();
}
