using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Runtime;

/// <summary>Opens the graph of a folder that suits the machine, and logs why it was that one.</summary>
internal static partial class VariantOpener
{
    /// <summary>Opens one of a folder's graphs.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="variants">Its graphs.</param>
    /// <param name="options">Which provider and graph are wanted, and where to log.</param>
    /// <param name="open">Opens a graph on a provider; a <see cref="ModelException"/> tells why it cannot be.</param>
    /// <exception cref="ModelException">None can be opened; the message has every reason.</exception>
    public static OpenedVariant<T> Open<T>(string folder, IReadOnlyList<ModelVariant> variants, ModelOptions options, Func<ModelVariant, Provider, T> open)
        where T : class
    {
        ProviderChoice choice = new(folder, variants, options.Variant, new Machine());
        ModelVariant? taken = null;
        T opened = choice.Open(options.Provider, (variant, provider) => open(taken = variant, provider));
        Log(options, folder, choice.Decisions);
        return new OpenedVariant<T>(opened, taken!, choice.Decisions);
    }

    /// <summary>Refuses a path that is no folder.</summary>
    /// <exception cref="ModelException">It is not there.</exception>
    public static void CheckFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        throw new ModelException(folder, "is not there", "a folder that holds a converted model", "Convert the checkpoint first.");
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
