using Onnx.Llama.Checkpoints;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Conversion;
using Onnx.Llama.Graph;
using Onnx.Llama.Kernels;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Manifest;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Cli.Inspection;

/// <summary>Looks at a converted model's folder, or at a checkpoint, without running anything.</summary>
internal static class Inspector
{
    /// <summary>Inspects what a path holds.</summary>
    /// <exception cref="InputException">It holds neither.</exception>
    public static ModelInspection Inspect(string path)
    {
        if (File.Exists(Path.Combine(path, ModelManifest.FileName)) || File.Exists(Path.Combine(path, GenAiConfig.FileName))) return OfFolder(path);
        if (File.Exists(Path.Combine(path, HfConfig.FileName))) return OfCheckpoint(path);
        throw new InputException(
            path, $"holds neither {ModelManifest.FileName} nor {GenAiConfig.FileName} nor {HfConfig.FileName}; expected a converted model or a checkpoint.");
    }

    private static ModelInspection OfFolder(string path)
    {
        ModelManifest? manifest = ModelManifest.Load(path);
        IReadOnlyList<ModelVariant> variants = manifest?.Variants ?? [new ModelVariant(GenAiConfig.Load(path).Model.Decoder.Filename, "cpu", "", "")];
        (ModelVariant Variant, OnnxModel Model)[] graphs = [.. variants.Select(variant => (variant, OnnxModel.Read(Path.Combine(path, variant.File))))];
        (KernelInspection? kernels, string? without) = KernelsOf(path, variants);
        return new ModelInspection
        {
            Path = path,
            IsCheckpoint = false,
            Family = manifest?.ModelType,
            Task = (manifest?.Task ?? ModelTask.Text).ToString().ToLowerInvariant(),
            Facts = manifest?.Facts,
            Parts = GraphInspector.Parts(graphs[0].Model),
            Cache = GraphInspector.Cache(graphs[0].Model),
            Tokenizer = TokenizerOf(path),
            ChatTemplates = ChatTemplateSet.Load(path)?.Names ?? [],
            Graphs = [.. graphs.Select(graph => GraphInspector.Inspect(
                graph.Model, graph.Variant.File, graph.Variant.Provider, NullIfEmpty(graph.Variant.Precision), NullIfEmpty(graph.Variant.OnnxRuntime)))],
            Kernels = kernels,
            WithoutKernels = without,
            Providers = [.. ProviderSurvey.Of(path).Select(decision => new ProviderInspection(
                decision.Provider.ToString().ToLowerInvariant(), decision.Taken, decision.Reason))],
            Sources = manifest?.Source.Files ?? [],
            MadeBy = manifest is null ? null : $"onnx-llama {manifest.ToolVersion}, --precision {manifest.Options.Precision}{BlockOf(manifest.Options)}",
        };
    }

    private static ModelInspection OfCheckpoint(string path)
    {
        using ConversionPlan plan = ConversionPlan.Create(path, new ConversionOptions());
        PlannedGraph graph = plan.Graphs[0];
        return new ModelInspection
        {
            Path = path,
            IsCheckpoint = true,
            Family = plan.Spec.ModelType,
            Task = plan.Head.Task.ToString().ToLowerInvariant(),
            Facts = plan.Facts,
            Parts = [.. plan.Tensors.SelectMany(tensor => tensor.Sources).Distinct()
                .GroupBy(tensor => tensor.DType)
                .Select(group => new StoredPart("checkpoint", group.Key.ToString().ToLowerInvariant(), group.Count(), group.Sum(tensor => tensor.ByteLength)))],
            Cache = GraphInspector.Cache(graph.Model),
            Tokenizer = TokenizerOf(path),
            ChatTemplates = ChatTemplateSet.Load(path)?.Names ?? [],
            Graphs = [GraphInspector.Inspect(graph.Model, graph.Target.File, graph.Target.Name, plan.Precision.Name, leastOnnxRuntime: null)],
        };
    }

    private static string BlockOf(ConversionRecord options) => options.Block is { } size ? FormattableString.Invariant($" --block {size}") : "";

    /// <summary>What the kernels take over in the CPU's graph, or why nothing.</summary>
    private static (KernelInspection? Kernels, string? Without) KernelsOf(string path, IReadOnlyList<ModelVariant> variants)
    {
        if (variants.FirstOrDefault(variant => variant.Provider == "cpu") is not { } variant) return (null, "the folder has no graph for the CPU");
        try
        {
            KernelInspection? kernels = KernelInspection.Of(KernelGraph.Describe(Path.Combine(path, variant.File)));
            return (kernels, kernels is null ? "no operator in the graph is theirs" : null);
        }
        catch (KernelException fault) when (fault.Subject != Processor.Variable)
        {
            return (null, fault.Message);
        }
        catch (Exception fault) when (fault is GraphException or IOException or UnauthorizedAccessException)
        {
            return (null, $"the weights cannot be read: {fault.Message}");
        }
    }

    private static string? TokenizerOf(string path) => Tokenizer.Exists(path)
        ? FormattableString.Invariant($"{Tokenizer.Load(path).VocabularySize} tokens")
        : null;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
