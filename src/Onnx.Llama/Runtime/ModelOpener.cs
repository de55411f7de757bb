using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Onnx.Llama.Decoding;
using Onnx.Llama.Generation;
using Onnx.Llama.Manifest;
using Onnx.Llama.Sampling;
using Onnx.Llama.Templates;
using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Runtime;

/// <summary>Opens a model folder.</summary>
internal static partial class ModelOpener
{
    private const string AnyVersion = "1.0";

    /// <inheritdoc cref="LanguageModel.Open"/>
    public static OpenedModel Open(string folder, ModelOptions options)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelException(folder, "is not there", "a folder that holds a converted model", "Convert the checkpoint first.");
        }

        GenAiConfig config = GenAiConfig.Load(folder);
        ModelManifest? manifest = ModelManifest.Load(folder);
        Check(folder, config.Model, manifest);
        SamplingOptions sampling = DefaultSampling.Read(folder, config.Search);
        Tokenizer? tokenizer = Tokenizer.Exists(folder) ? Tokenizer.Load(folder) : null;
        ChatTemplateSet? templates = LoadTemplates(folder);
        ProviderChoice choice = new(
            folder, manifest?.Variants ?? [Variant(config.Model.Decoder)], options.Variant, new Machine());
        ModelVariant? taken = null;
        IDecoder decoder = choice.Open(
            options.Provider, (variant, provider) => OpenDecoder(folder, config.Model, manifest, taken = variant, provider, options));
        Log(options, folder, choice.Decisions);
        return new OpenedModel(
            folder, decoder, taken!, choice.Decisions, manifest?.EndIds ?? config.Model.EosTokenId, sampling, tokenizer, templates);
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

    private static void Check(string folder, GenAiModel model, ModelManifest? manifest)
    {
        if (manifest is { Task: not ModelTask.Text })
        {
            throw new ModelException(
                Path.Combine(folder, ModelManifest.FileName), $"task is {manifest.Task}", $"{ModelTask.Text}", "This model does not generate text.");
        }

        if (model.ContextLength < 1)
        {
            throw new ModelException(Path.Combine(folder, GenAiConfig.FileName), $"model.context_length is {model.ContextLength}", "at least 1");
        }
    }

    /// <summary>The one graph of a folder that has only genai_config.json, which names its provider, or none for the CPU.</summary>
    private static ModelVariant Variant(GenAiDecoder decoder)
    {
        string? named = decoder.SessionOptions.ProviderOptions.SelectMany(options => options.Keys).FirstOrDefault();
        return new ModelVariant(decoder.Filename, named is null ? "cpu" : named.ToLowerInvariant(), Precision: "", AnyVersion);
    }

    private static RowDecoder OpenDecoder(
        string folder, GenAiModel model, ModelManifest? manifest, ModelVariant variant, Provider provider, ModelOptions options)
    {
        IReadOnlyList<int?> windows = LayerWindows.Of(folder, model.Decoder, manifest);
        DecoderGraph graph = SessionFactory.Open(folder, model.Decoder, variant.File, provider, options, windows);
        return new RowDecoder(
            graph, model.ContextLength, manifest?.LengthDependentRope ?? false, manifest?.RopeSwitchAt, options.KvBudget, options.BatchInvariant);
    }

    private static void Log(ModelOptions options, string folder, IReadOnlyList<ProviderDecision> decisions)
    {
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(LanguageModel).FullName!);
        foreach (ProviderDecision decision in decisions)
        {
            if (decision.Taken) LogTaken(logger, folder, decision.Provider, decision.Reason);
            else LogNotTaken(logger, folder, decision.Provider, decision.Reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Folder} runs on {Provider}: {Reason}")]
    private static partial void LogTaken(ILogger logger, string folder, Provider provider, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Folder} does not run on {Provider}: {Reason}")]
    private static partial void LogNotTaken(ILogger logger, string folder, Provider provider, string reason);
}
