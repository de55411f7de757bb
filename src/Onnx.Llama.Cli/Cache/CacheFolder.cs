namespace Onnx.Llama.Cli.Cache;

/// <summary>Where the tool keeps what it can make again.</summary>
internal static class CacheFolder
{
    /// <summary>$ONNX_LLAMA_CACHE, else the user's cache folder by the system's custom.</summary>
    public static string Path { get; } = Find();

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
