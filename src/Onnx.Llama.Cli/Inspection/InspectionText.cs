using System.Globalization;
using System.Text;
using Onnx.Llama.Cli.Verbs;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Cli.Inspection;

/// <summary>An inspection for people.</summary>
internal static class InspectionText
{
    public static string Of(ModelInspection model)
    {
        StringBuilder text = new();
        Line("model", $"{model.Path}{(model.IsCheckpoint ? " (a checkpoint)" : "")}");
        Line("family", $"{model.Family ?? "not said"}, {model.Task}");
        if (model.Facts is { } facts) Facts(facts);
        Line("tokenizer", model.Tokenizer ?? "none");
        Line("chat template", model.ChatTemplates.Count == 0 ? "none" : string.Join(", ", model.ChatTemplates));
        if (model.Cache.Layers.Count > 0) Cache(model);
        foreach ((int index, StoredPart part) in model.Parts.Index()) Line(index == 0 ? "weights" : "", Part(part));
        foreach (GraphInspection graph in model.Graphs) Graph(graph);
        if (model.Kernels is { } kernels) Kernels(kernels);
        if (model.WithoutKernels is { } reason) Line("kernels", $"none: {reason}");
        foreach ((int index, ProviderInspection provider) in model.Providers.Index())
        {
            Line(index == 0 ? "providers" : "", $"{provider.Provider}{(provider.Taken ? ", taken" : "")}: {provider.Reason}");
        }

        foreach ((int index, SourceFile source) in model.Sources.Index())
        {
            Line(index == 0 ? "made of" : "", $"{source.Name}, {Units.Bytes(source.Size)}, {(source.Sha256 is { } hash ? "sha256" : "sha256 of its header")} {source.Sha256 ?? source.HeaderSha256}");
        }

        if (model.MadeBy is { } maker) Line("made by", maker);
        return text.ToString();

        void Line(string title, string value) => text.Append(CultureInfo.InvariantCulture, $"{title,-14} {value}\n");

        void Facts(ModelFacts facts)
        {
            Line("parameters", $"{Units.Count(facts.Parameters)} ({facts.Parameters.ToString("N0", CultureInfo.InvariantCulture)})");
            string experts = facts.Experts is { } count ? FormattableString.Invariant($", {count} experts") : "";
            Line("sizes", string.Create(
                CultureInfo.InvariantCulture,
                $"hidden {facts.Hidden}, {facts.Layers} layers, {facts.Heads} heads of {facts.HeadDim} over {facts.KvHeads} of keys, feed-forward {facts.FeedForward}{experts}, vocabulary {facts.Vocabulary}"));
            Line("context", string.Create(CultureInfo.InvariantCulture, $"{facts.ContextLength} tokens"));
            foreach ((int index, string rope) in facts.Rope.Index()) Line(index == 0 ? "rotation" : "", rope);
        }

        void Cache(ModelInspection inspected)
        {
            Line("keys, values", $"{Units.Bytes(inspected.Cache.BytesPerToken)} per token");
            foreach (LayerCacheSize kind in inspected.Cache.Layers)
            {
                string kept = kind.Window is { } window ? FormattableString.Invariant($"the newest {window} tokens") : "all tokens";
                Line("", string.Create(CultureInfo.InvariantCulture, $"{(kind.Count == 1 ? "1 layer keeps" : $"{kind.Count} layers keep")} {kept}, {Units.Bytes(kind.BytesPerToken)} per token"));
            }
        }

        void Kernels(KernelInspection kernels)
        {
            Line("kernels", $"{kernels.Form}: {KernelInspection.Counts(kernels.Operators)}");
            if (kernels.Stock.Count > 0) Line("", $"ONNX Runtime: {KernelInspection.Counts(kernels.Stock)}");
            string invariant = kernels.BatchInvariant ? "yes: a sequence gets the same numbers alone and in company" : "no: sequences take turns where sharing a run would show";
            Line("", $"batch-invariant {invariant}");
        }

        void Graph(GraphInspection graph)
        {
            string needs = graph.LeastOnnxRuntime is { } version ? $", ONNX Runtime {version} or later" : "";
            Line("graph", $"{graph.File} for {graph.Target}{(graph.Precision is { } precision ? $", {precision}" : "")}{needs}");
            foreach ((int index, string input) in graph.Inputs.Index()) Line(index == 0 ? "  inputs" : "", input);
            foreach ((int index, string output) in graph.Outputs.Index()) Line(index == 0 ? "  outputs" : "", output);
            foreach ((int index, (string op, int count)) in graph.Operators.Select(entry => (entry.Key, entry.Value)).Index())
            {
                Line(index == 0 ? "  operators" : "", string.Create(CultureInfo.InvariantCulture, $"{count,5} {op}"));
            }
        }
    }

    private static string Part(StoredPart part) =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Part,-17} {part.Form,-13} {part.Tensors,6} tensors {Units.Bytes(part.Bytes),10}");
}
