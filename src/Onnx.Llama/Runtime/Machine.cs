using System.Runtime.InteropServices;

namespace Onnx.Llama.Runtime;

/// <summary>This machine and this application's ONNX Runtime.</summary>
internal sealed class Machine : IMachine
{
    public IReadOnlyCollection<string> BuiltIn => OrtRuntime.Environment.GetAvailableProviders();

    /// <summary>
    /// ONNX Runtime writes to standard error when a provider's libraries cannot be loaded, so the commonest reason is looked for first: NVIDIA's driver brings
    /// this library and nothing else does.
    /// </summary>
    public string? Missing(Provider provider) => provider switch
    {
        Provider.Cuda => CanLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1"),
        Provider.DirectMl => OperatingSystem.IsWindows() ? null : "DirectML is a part of Windows, and this is another system",
        _ => null,
    };

    private static string? CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle)) return $"there is no NVIDIA driver ({library} cannot be loaded)";
        NativeLibrary.Free(handle);
        return null;
    }
}
