using Onnx.Llama.Kernels.Cache;

namespace Onnx.Llama;

/// <summary>Where things are kept that can be made again: weights packed for this processor, and checkpoints that the tool converted.</summary>
public static class CacheFolder
{
    /// <summary>$ONNX_LLAMA_CACHE, else the user's cache folder by the system's custom.</summary>
    public static string Path { get; } = Find();

    /// <summary>Packed weights.</summary>
    public static KernelCache Kernels { get; } = new(System.IO.Path.Combine(Path, "kernels"));

    /// <summary>
    /// The most bytes of packed weights, whose least recently used ones give way: $ONNX_LLAMA_CACHE_LIMIT in GiB, else <see cref="KernelCache.DefaultLimit"/>.
    /// </summary>
    /// <exception cref="ModelException">The variable is no number.</exception>
    public static long KernelLimit
    {
        get
        {
            const string Variable = "ONNX_LLAMA_CACHE_LIMIT";
            if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } given) return KernelCache.DefaultLimit;
            return double.TryParse(given, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double gib) && gib is >= 0 and < 1e9
                ? (long)(gib * (1L << 30))
                : throw new ModelException(Variable, $"is '{given}'", "a number of GiB, such as 20");
        }
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("ONNX_LLAMA_CACHE") is { Length: > 0 } given) return System.IO.Path.GetFullPath(given);
        const string Name = "onnx-llama";
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows()) return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name, "cache");
        if (OperatingSystem.IsMacOS()) return System.IO.Path.Combine(home, "Library", "Caches", Name);
        return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && System.IO.Path.IsPathRooted(cache)
            ? System.IO.Path.Combine(cache, Name)
            : System.IO.Path.Combine(home, ".cache", Name);
    }
}
