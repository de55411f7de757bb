namespace Onnx.Llama.Graph;

/// <summary>Looks at files of a model's folder.</summary>
internal static class GraphFile
{
    /// <summary>A file's length in bytes, links followed: a link's own is that of its target's name.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static long Length(string path) => ((FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path))).Length;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="GraphException">It cannot be read, is empty, or is longer than <see cref="OnnxModel.GreatestLength"/>.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            // Asked before the file is opened: opening a named pipe, whose length is 0, would wait for ever.
            long length = Length(path);
            if (length == 0) throw new GraphException(path, "is empty; expected an ONNX model.");
            if (length > OnnxModel.GreatestLength) throw OnnxModel.TooLong(path, length, OnnxModel.GreatestLength);
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new GraphException(path, $"cannot be read: {fault.Message}", fault);
        }
    }
}
