namespace Onnx.Llama.Checkpoints;

/// <summary>A checkpoint that cannot be read: its message says where, what was found, what was expected and what to do.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error of a file, or of one key in it.</summary>
    /// <param name="file">Path of the file; the message begins with its name.</param>
    /// <param name="key">The tensor or configuration key it is about, if one.</param>
    /// <param name="problem">What is wrong, following the file's name and a colon.</param>
    /// <param name="inner">What caused it, if an exception did.</param>
    public CheckpointException(string file, string? key, string problem, Exception? inner = null)
        : this(Path.GetFileName(file), file, key, problem, inner)
    {
    }

    private CheckpointException(string shown, string file, string? key, string problem, Exception? inner)
        : base($"{Show.Text(shown)}: {problem}", inner)
    {
        File = file;
        Key = key;
    }

    /// <summary>Path of the file or folder that is wrong.</summary>
    public string File { get; }

    /// <summary>The tensor, or the configuration key in dotted form (<c>rope_scaling.factor</c>); null where the error is of the whole file.</summary>
    public string? Key { get; }

    /// <summary>An error of a folder, which the message shows with its whole path.</summary>
    internal static CheckpointException OfFolder(string folder, string problem) => new(folder, folder, null, problem, null);
}
