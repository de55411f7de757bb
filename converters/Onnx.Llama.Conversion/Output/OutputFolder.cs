namespace Onnx.Llama.Conversion.Output;

/// <summary>
/// A folder that appears whole or not at all: written beside its place as <c>.NAME.partial</c> and renamed at the end. A folder that it replaces
/// is renamed to <c>.NAME.old</c> first and deleted last. What a killed run left is put right by the next one.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _target;
    private readonly string _old;
    private readonly FileStream _lock;
    private bool _done;

    private OutputFolder(string target, FileStream holdingLock)
    {
        _target = target;
        _lock = holdingLock;
        Partial = Beside(target, "partial");
        _old = Beside(target, "old");
    }

    /// <summary>The folder to write into until <see cref="Commit"/>.</summary>
    public string Partial { get; }

    /// <summary>Begins to write a folder: holds a lock on its name, and puts right what a killed run left.</summary>
    /// <param name="output">The folder to make.</param>
    /// <param name="source">The checkpoint's folder.</param>
    /// <param name="force">Whether a folder that exists is replaced.</param>
    /// <exception cref="ConversionException">
    /// It exists and <paramref name="force"/> is false, is a file, is or holds the source, cannot be written, or another conversion writes it.
    /// </exception>
    public static OutputFolder Begin(string output, string source, bool force)
    {
        string target = Full(output);
        string checkpoint = Full(source);
        if (Within(checkpoint, target)) throw new ConversionException(target, $"is, or holds, the checkpoint {checkpoint}; expected another folder as OUTPUT.");
        if (File.Exists(target)) throw new ConversionException(target, "is a file; expected a folder, or nothing.");
        FileStream? holdingLock = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            holdingLock = Lock(target);
            OutputFolder folder = new(target, holdingLock);
            folder.RepairAfterKill();
            // Only now, since the repair may have brought the folder back, and under the lock no other conversion can make it.
            if (Directory.Exists(target) && !force) throw new ConversionException(target, "exists already. Give another OUTPUT, or --force to replace it.");
            Directory.CreateDirectory(folder.Partial);
            return folder;
        }
        catch (Exception fault)
        {
            holdingLock?.Dispose();
            if (fault is not (IOException or UnauthorizedAccessException)) throw;
            throw new ConversionException(target, $"cannot be written: {fault.Message} Choose another OUTPUT.", fault);
        }
    }

    /// <summary>Puts the finished folder in its place.</summary>
    /// <exception cref="ConversionException">It cannot be renamed; the old folder is back in its place.</exception>
    public void Commit()
    {
        bool replaces = Directory.Exists(_target);
        try
        {
            if (replaces) Directory.Move(_target, _old);
            Directory.Move(Partial, _target);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (replaces && !Directory.Exists(_target)) Directory.Move(_old, _target);
            throw new ConversionException(_target, $"cannot be put in its place: {fault.Message}", fault);
        }

        _done = true;
        if (replaces) Directory.Delete(_old, recursive: true);
    }

    /// <summary>Deletes what is not finished.</summary>
    public void Dispose()
    {
        if (!_done && Directory.Exists(Partial)) Directory.Delete(Partial, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Under the lock: whoever wrote these names before is gone.</summary>
    private void RepairAfterKill()
    {
        if (Directory.Exists(_old))
        {
            if (Directory.Exists(_target)) Directory.Delete(_old, recursive: true);
            else Directory.Move(_old, _target);
        }

        if (Directory.Exists(Partial)) Directory.Delete(Partial, recursive: true);
    }

    private static FileStream Lock(string target)
    {
        string path = Beside(target, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new ConversionException(target, "is being written by another conversion. Wait for it, or choose another OUTPUT.", fault);
        }
    }

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string Beside(string target, string kind) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{kind}");

    private static bool Within(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
