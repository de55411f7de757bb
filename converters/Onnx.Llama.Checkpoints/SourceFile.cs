using Microsoft.Win32.SafeHandles;

namespace Onnx.Llama.Checkpoints;

/// <summary>Opens and reads the files of a checkpoint; a failure of the file system becomes a <see cref="CheckpointException"/> that names the file.</summary>
internal static class SourceFile
{
    /// <summary>The size of a file in bytes, links followed.</summary>
    /// <exception cref="CheckpointException">It is a folder, or is not there.</exception>
    public static long Length(string path) => Try(path, () =>
    {
        if (Directory.Exists(path)) throw new CheckpointException(path, null, "is a folder; expected a file.");
        if (!File.Exists(path)) throw new CheckpointException(path, null, $"is not there; expected a file at {Show.Text(path)}.");

        // A link's own length is that of its target's name.
        return ((FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path))).Length;
    });

    /// <summary>Opens a file for reading by position.</summary>
    public static SafeFileHandle Open(string path) => Try(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));

    /// <summary>Fills the buffer from a position of an open file.</summary>
    /// <exception cref="CheckpointException">The file ends before that.</exception>
    public static void Read(SafeFileHandle handle, string path, string? key, long position, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int count = ReadSome(handle, path, key, position + done, destination[done..]);
            if (count == 0) throw CutShort(path, key, position + done, position + destination.Length);
            done += count;
        }
    }

    /// <summary>Reads a small file whole.</summary>
    /// <exception cref="CheckpointException">It is not there, empty, or longer than <paramref name="most"/> bytes.</exception>
    public static byte[] ReadSmall(string path, int most)
    {
        // The length is asked before the file is opened: opening a named pipe, whose length is 0, would wait for ever.
        long length = Length(path);
        if (length == 0) throw new CheckpointException(path, null, "is empty; expected JSON. Download it again.");
        if (length > most) throw new CheckpointException(path, null, $"is {length} bytes; expected at most {most}.");
        byte[] bytes = new byte[length];
        using SafeFileHandle handle = Open(path);
        Read(handle, path, null, 0, bytes);
        return bytes;
    }

    /// <summary>Does what may fail in the file system.</summary>
    public static T Try<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CheckpointException(path, null, $"cannot be opened: {e.Message}", e);
        }
    }

    private static int ReadSome(SafeFileHandle handle, string path, string? key, long position, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(handle, destination, position);
        }
        catch (IOException e)
        {
            throw new CheckpointException(path, key, $"cannot be read at byte {position}: {e.Message}", e);
        }
    }

    private static CheckpointException CutShort(string path, string? key, long end, long expected) =>
        new(path, key, $"{(key is null ? "" : $"tensor '{Show.Text(key)}': ")}the file ends at byte {end}; expected at least {expected} bytes. "
            + "It was cut short after it had been opened: leave a checkpoint alone while it is read.");
}
