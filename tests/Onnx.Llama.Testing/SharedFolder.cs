using System.Runtime.CompilerServices;
using Xunit;

namespace Onnx.Llama.Testing;

/// <summary>The reference values that lie beside the checkout, in <c>../shared</c>; absent on a user's machine.</summary>
public static class SharedFolder
{
    /// <summary>The checkout's root: the folder that holds Onnx.Llama.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The full path of a file or folder in ../shared, whether or not it exists.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Repository, "..", "shared", relative));

    /// <summary>Whether ../shared has this file or folder.</summary>
    public static bool Has(string relative) => Path.Exists(PathOf(relative));

    /// <summary>The full path of a file or folder in ../shared; skips the running test where it is absent.</summary>
    public static string Require(string relative)
    {
        string path = PathOf(relative);
        Assert.SkipUnless(Path.Exists(path), $"needs the reference values in {path}, which are not there");
        return path;
    }

    private static string FindRepository([CallerFilePath] string thisFile = "")
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Onnx.Llama.sln"))) return folder;
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
    }
}
