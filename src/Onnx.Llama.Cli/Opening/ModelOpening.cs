using Onnx.Llama.Cli.Progress;
using Onnx.Llama.Kernels.Cache;

namespace Onnx.Llama.Cli.Opening;

/// <summary>Opens a model for a verb: shows the packing of its weights, which the first opening on a machine brings, and then the host's warnings.</summary>
internal sealed class ModelOpening
{
    /// <summary>Whether weights were packed.</summary>
    public bool Packed { get; private set; }

    /// <summary>Opens a model.</summary>
    /// <param name="open">How: <see cref="LanguageModel.Open"/> or its siblings.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">Whose log and progress are set here.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    public T Open<T>(Func<string, ModelOptions?, CancellationToken, T> open, string folder, ModelOptions options, CancellationToken cancellationToken)
    {
        string title = $"packing {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";
        using NoteLog notes = new();
        try
        {
            return ProgressDisplay.Run(title, progress => open(
                folder, options with { LoggerFactory = notes, PackingProgress = new Relay<PackingProgress>(progress, Translate) }, cancellationToken));
        }
        finally
        {
            notes.Release();
        }
    }

    private ByteProgress Translate(PackingProgress value)
    {
        Packed = true;
        return new ByteProgress(value.Done, value.Total);
    }
}
