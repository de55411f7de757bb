using Microsoft.Win32.SafeHandles;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Weights;

/// <summary>Reads ranges of a graph's initializers, wherever their bytes stand.</summary>
/// <param name="file">The graph's file.</param>
internal sealed class TensorReader(string file) : IDisposable
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);

    /// <summary>How many bytes a tensor has.</summary>
    /// <exception cref="KernelException">Its type is unknown.</exception>
    public static long Length(TensorProto tensor) =>
        TensorSize.TryBytes(tensor, out long bytes) ? bytes : throw new KernelException(tensor.Name, $"is {TensorSize.Describe(tensor)}; {TensorSize.Expected}");

    /// <summary>Whether its bytes can be read here: outside the graph, or as raw bytes in it.</summary>
    public static bool IsReadable(TensorProto tensor) =>
        TensorSize.TryBytes(tensor, out long bytes) && (ExternalReference.IsExternal(tensor) || tensor.RawData.Length == bytes);

    /// <summary>What tells a tensor's bytes from others'.</summary>
    public string Identity(TensorProto tensor)
    {
        if (!ExternalReference.IsExternal(tensor)) return tensor.Name;
        ExternalReference reference = ExternalReference.Of(tensor, file);
        return $"{reference.Location}:{reference.Offset}";
    }

    /// <summary>Reads a range of a tensor's bytes.</summary>
    /// <exception cref="KernelException">The file is shorter.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(TensorProto tensor, long offset, Span<byte> into)
    {
        if (!ExternalReference.IsExternal(tensor))
        {
            tensor.RawData.Span.Slice(checked((int)offset), into.Length).CopyTo(into);
            return;
        }

        ExternalReference reference = ExternalReference.Of(tensor, file);
        SafeFileHandle handle = Open(reference.Location);
        long at = reference.Offset + offset;
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(handle, into, at);
            if (read == 0) throw new KernelException(ExternalReference.Subject(tensor, file), $"'{reference.Location}' ends at {at}; expected {into.Length} bytes more.");
            into = into[read..];
            at += read;
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle handle in _handles.Values) handle.Dispose();
    }

    private SafeFileHandle Open(string location)
    {
        if (!_handles.TryGetValue(location, out SafeFileHandle? handle))
        {
            handle = File.OpenHandle(Path.Combine(_folder, location));
            _handles.Add(location, handle);
        }

        return handle;
    }
}
