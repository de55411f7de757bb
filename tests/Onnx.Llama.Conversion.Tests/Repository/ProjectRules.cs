using System.Xml.Linq;

namespace Onnx.Llama.Conversion.Tests.Repository;

/// <summary>What project files of src and converters may say: the arrows of the design and no others, and no versions.</summary>
internal static class ProjectRules
{
    private const string Tool = "Onnx.Llama.Cli";
    private const string OnnxRuntime = "Microsoft.ML.OnnxRuntime";

    private static readonly string[] s_versionKeys = ["Version", "VersionOverride"];

    /// <summary>For each project those that it may refer to. The tool, which puts them together, may refer to all of them.</summary>
    private static readonly Dictionary<string, string[]> s_arrows = new(StringComparer.Ordinal)
    {
        ["Onnx.Llama.Graph"] = [],
        ["Onnx.Llama.Quantization"] = [],
        ["Onnx.Llama.Manifest"] = [],
        ["Onnx.Llama.Tokenization"] = [],
        ["Onnx.Llama.Templates"] = [],
        ["Onnx.Llama.Checkpoints"] = [],
        ["Onnx.Llama.Kernels"] = ["Onnx.Llama.Graph", "Onnx.Llama.Quantization"],
        ["Onnx.Llama"] = ["Onnx.Llama.Manifest", "Onnx.Llama.Tokenization", "Onnx.Llama.Templates", "Onnx.Llama.Kernels"],
        ["Onnx.Llama.Conversion"] = ["Onnx.Llama.Checkpoints", "Onnx.Llama.Graph", "Onnx.Llama.Quantization", "Onnx.Llama.Manifest"],
        ["Onnx.Llama.Extensions.AI"] = ["Onnx.Llama"],
        ["Onnx.Llama.Server"] = ["Onnx.Llama"],
    };

    /// <summary>What a project file says that it may not, a sentence each.</summary>
    /// <param name="name">The project's name.</param>
    /// <param name="text">The project file.</param>
    public static IEnumerable<string> Violations(string name, string text)
    {
        XDocument project = XDocument.Parse(text);
        bool isTool = name == Tool;
        if (!isTool && !s_arrows.ContainsKey(name)) yield return $"{name} is in no list of arrows; expected the design and this test to know it.";
        foreach (string path in Included(project, "ProjectReference"))
        {
            string target = path[(path.LastIndexOf('/') + 1)..].Replace(".csproj", "", StringComparison.Ordinal);
            if (path.Split('/').Contains("tests")) yield return $"{name} refers to {path}; expected nothing of tests.";
            else if (isTool ? !s_arrows.ContainsKey(target) : !s_arrows.GetValueOrDefault(name, []).Contains(target)) yield return $"{name} refers to {target}; the design has no such arrow.";
        }

        foreach (XElement package in Elements(project, "PackageReference").Where(HasVersion))
        {
            yield return $"{name} gives a version of {Include(package)}; expected all versions in eng/Packages.props.";
        }

        if (isTool) yield break;
        foreach (string package in Included(project, "PackageReference").Where(IsNative))
        {
            yield return $"{name} refers to {package}; expected {OnnxRuntime}.Managed only: the application brings the native library.";
        }

        if (Elements(project, "Import").Any(import => import.Attribute("Project")?.Value.EndsWith("OnnxRuntime.props", StringComparison.Ordinal) == true))
        {
            yield return $"{name} imports OnnxRuntime.props; expected that of applications and tests only.";
        }
    }

    private static bool HasVersion(XElement package) =>
        s_versionKeys.Any(key => package.Attribute(key) is not null || package.Elements().Any(child => child.Name.LocalName == key));

    private static bool IsNative(string package) =>
        package.StartsWith(OnnxRuntime, StringComparison.OrdinalIgnoreCase) && !package.Equals($"{OnnxRuntime}.Managed", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Included(XDocument project, string element) => Elements(project, element).SelectMany(item => Include(item).Split(';'));

    private static string Include(XElement item) => (item.Attribute("Include")?.Value ?? "").Replace('\\', '/');

    private static IEnumerable<XElement> Elements(XDocument project, string element) => project.Descendants().Where(item => item.Name.LocalName == element);
}
