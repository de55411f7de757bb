using Onnx.Llama.Decoding;
using Onnx.Llama.Generation;
using Onnx.Llama.Manifest;
using Onnx.Llama.Sampling;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Runtime;

/// <summary>Opens the folder of a model of text.</summary>
internal static class ModelOpener
{
    private const string AnyVersion = "1.0";

    /// <inheritdoc cref="LanguageModel.Open"/>
    public static OpenedModel Open(string folder, ModelOptions options, CancellationToken cancellationToken)
    {
        VariantOpener.CheckFolder(folder);
        ModelManifest? manifest = ModelManifest.Load(folder);
        RefuseOtherTask(folder, manifest);
        GenAiConfig config = GenAiConfig.Load(folder);
        RefuseNoContext(folder, config.Model);
        SamplingOptions sampling = DefaultSampling.Read(folder, config.Search);
        Tokenizer? tokenizer = Tokenizer.Exists(folder) ? Tokenizer.Load(folder) : null;
        ChatTemplateSet? templates = LoadTemplates(folder);
        OpenedVariant<RowDecoder> opened = VariantOpener.Open(
            folder,
            manifest?.Variants ?? [Variant(config.Model.Decoder)],
            options,
            (variant, provider) => OpenDecoder(folder, config.Model, manifest, variant, provider, options, cancellationToken));
        return new OpenedModel(
            folder,
            opened.Opened,
            opened.Opened.Kernels,
            opened.Variant,
            opened.Decisions,
            manifest?.EndIds ?? config.Model.EosTokenId,
            sampling,
            tokenizer,
            templates);
    }

    private static ChatTemplateSet? LoadTemplates(string folder)
    {
        try
        {
            return ChatTemplateSet.Load(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(folder, $"its chat template cannot be read ({fault.Message})", "a text file", inner: fault);
        }
    }

    /// <summary>Looked at first: a folder of another task has no genai_config.json.</summary>
    private static void RefuseOtherTask(string folder, ModelManifest? manifest)
    {
        if (manifest is null or { Task: ModelTask.Text }) return;
        throw HeadOpener.OtherTask(Path.Combine(folder, ModelManifest.FileName), manifest.Task, ModelTask.Text);
    }

    private static void RefuseNoContext(string folder, GenAiModel model)
    {
        if (model.ContextLength >= 1) return;
        throw new ModelException(Path.Combine(folder, GenAiConfig.FileName), $"model.context_length is {model.ContextLength}", "at least 1");
    }

    /// <summary>The one graph of a folder that has only genai_config.json, which names its provider, or none for the CPU.</summary>
    private static ModelVariant Variant(GenAiDecoder decoder)
    {
        string? named = decoder.SessionOptions.ProviderOptions.SelectMany(options => options.Keys).FirstOrDefault();
        return new ModelVariant(decoder.Filename, named is null ? "cpu" : named.ToLowerInvariant(), Precision: "", AnyVersion);
    }

    private static RowDecoder OpenDecoder(
        string folder,
        GenAiModel model,
        ModelManifest? manifest,
        ModelVariant variant,
        Provider provider,
        ModelOptions options,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<int?> windows = LayerWindows.Of(folder, model.Decoder, manifest);
        DecoderGraph graph = SessionFactory.Open(folder, model.Decoder, variant.File, provider, options, windows, cancellationToken: cancellationToken);
        return new RowDecoder(
            graph,
            model.ContextLength,
            manifest?.LengthDependentRope ?? false,
            manifest?.RopeSwitchAt,
            options.KvBudget,
            options.BatchInvariant && graph.Kernels is not { IsBatchInvariant: true });
    }
}
