using System.Globalization;
using System.Text.RegularExpressions;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Cli.Inspection;

/// <summary>What a graph tells of itself.</summary>
internal static partial class GraphInspector
{
    private const string Window = "past_sliding_length";

    /// <summary>Inputs, outputs and operators.</summary>
    public static GraphInspection Inspect(OnnxModel model, string file, string target, string? precision, string? leastOnnxRuntime)
    {
        GraphProto graph = model.Proto.Graph;
        return new GraphInspection(
            file, target, precision, leastOnnxRuntime, Values(graph.Input), Values(graph.Output),
            graph.Node.GroupBy(node => new OperatorName(node.Domain, node.OpType).ToString(), StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal));
    }

    /// <summary>The weights by part and form, in the order in which they come.</summary>
    public static IReadOnlyList<StoredPart> Parts(OnnxModel model) =>
    [
        .. model.Proto.Graph.Initializer
            .Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External)
            .GroupBy(tensor => (Part: PartOf(tensor.Name), Form: FormOf(tensor)))
            .Select(group => new StoredPart(group.Key.Part, group.Key.Form, group.Count(), group.Sum(Bytes))),
    ];

    /// <summary>Caches by kind of layer. The window is what the graph's attention has; the cache is no greater.</summary>
    public static CacheSizes Cache(OnnxModel model)
    {
        ValueInfoProto[] pasts = [.. model.Proto.Graph.Input.Where(input => PastName().IsMatch(input.Name))];
        int?[] windows = [.. model.Proto.Graph.Node.Where(node => node.OpType == OpNames.GroupQueryAttention.Type).Select(WindowOf)];
        var layers = pasts
            .GroupBy(past => int.Parse(PastName().Match(past.Name).Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .Select(layer => (
                Window: layer.Any(past => Dimensions(past).Any(dimension => dimension.DimParam == Window)) ? windows.ElementAtOrDefault(layer.Key) : null,
                Bytes: layer.Sum(TokenBytes)))
            .GroupBy(layer => layer.Window)
            .Select(kind => new LayerCacheSize(kind.Key is null ? "full" : "window", kind.Count(), kind.Key, kind.Sum(layer => layer.Bytes)))
            .ToList();
        return new CacheSizes(layers.Sum(kind => kind.BytesPerToken), layers);
    }

    private static int? WindowOf(NodeProto node) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == "local_window_size") is { I: > 0 } window ? (int)window.I : null;

    private static TensorShapeProto.Types.Dimension[] Dimensions(ValueInfoProto value) => [.. value.Type?.TensorType?.Shape?.Dim ?? []];

    private static long TokenBytes(ValueInfoProto past)
    {
        long numbers = Dimensions(past).Where(dimension => dimension.DimValue > 0).Aggregate(1L, (product, dimension) => product * dimension.DimValue);
        return numbers * ((ElementType)(past.Type?.TensorType?.ElemType ?? 0) == ElementType.Float ? 4 : 2);
    }

    /// <summary>Caches of layers that differ in nothing but the number stand there once.</summary>
    private static List<string> Values(IEnumerable<ValueInfoProto> values) =>
    [
        .. values.Select(value => (Name: LayerNumber().Replace(value.Name, ".N."), Text: Text(value)))
            .GroupBy(value => $"{value.Name} {value.Text}", StringComparer.Ordinal)
            .Select(group => group.Count() == 1 ? group.Key : string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({group.Count()} times)")),
    ];

    private static string Text(ValueInfoProto value)
    {
        IEnumerable<string> shape = Dimensions(value).Select(dimension => dimension.DimParam.Length > 0 ? dimension.DimParam : dimension.DimValue.ToString(CultureInfo.InvariantCulture));
        return $"{NameOf((ElementType)(value.Type?.TensorType?.ElemType ?? 0))} [{string.Join(", ", shape)}]";
    }

    private static string PartOf(string name) => name switch
    {
        _ when name.Contains("embed_tokens", StringComparison.Ordinal) => "embedding",
        _ when name.StartsWith("lm_head", StringComparison.Ordinal) || name.StartsWith("head.", StringComparison.Ordinal) => "head",
        _ when name.StartsWith("cos_cache", StringComparison.Ordinal) || name.StartsWith("sin_cache", StringComparison.Ordinal) => "rotation tables",
        _ when name.Contains("norm", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal) => "norms and biases",
        _ when name.Contains("expert", StringComparison.Ordinal) || name.Contains("moe", StringComparison.Ordinal) => "experts",
        _ when name.Contains("attn", StringComparison.Ordinal) => "attention",
        _ when name.Contains("mlp", StringComparison.Ordinal) => "feed-forward",
        _ => "other",
    };

    private static string FormOf(TensorProto tensor)
    {
        if (QuantizedName().Match(tensor.Name) is { Success: true } quantized) return $"int{quantized.Groups[1].Value} codes";
        if (tensor.Name.EndsWith("_scales", StringComparison.Ordinal)) return "block scales";
        if (tensor.Name.EndsWith("_zero_points", StringComparison.Ordinal)) return "zero points";
        return tensor.Name.EndsWith("_rows", StringComparison.Ordinal) ? "a second view" : NameOf((ElementType)tensor.DataType);
    }

    private static string NameOf(ElementType type) => type == ElementType.Float ? "float32" : type.ToString().ToLowerInvariant();

    private static long Bytes(TensorProto tensor) => tensor.Name.EndsWith("_rows", StringComparison.Ordinal)
        ? 0
        : tensor.ExternalData.FirstOrDefault(entry => entry.Key == "length") is { } length && long.TryParse(length.Value, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;

    [GeneratedRegex(@"^past_key_values\.(\d{1,6})\.(?:key|value)$", RegexOptions.CultureInvariant)]
    private static partial Regex PastName();

    [GeneratedRegex(@"\.\d+\.", RegexOptions.CultureInvariant)]
    private static partial Regex LayerNumber();

    [GeneratedRegex(@"_Q(\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex QuantizedName();
}
