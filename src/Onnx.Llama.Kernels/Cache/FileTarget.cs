using Microsoft.Win32.SafeHandles;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>A new file of a known length.</summary>
internal sealed class FileTarget(string path, long length) : IWeightTarget, IDisposable
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, preallocationSize: length);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

    /// <summary>Makes the file as long as it should be, whatever stands last, and sees it on the disk.</summary>
    public void Finish()
    {
        RandomAccess.SetLength(_handle, length);
        RandomAccess.FlushToDisk(_handle);
    }

    public void Dispose() => _handle.Dispose();
}
