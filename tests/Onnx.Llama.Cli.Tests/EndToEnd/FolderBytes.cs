using System.Security.Cryptography;

namespace Onnx.Llama.Cli.Tests.EndToEnd;

internal static class FolderBytes
{
    /// <summary>A folder's file names and the hashes of their contents, a line each; equal for folders of equal bytes.</summary>
    public static string Of(string folder)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(file => $"{Path.GetRelativePath(folder, file)} {Hash(file)}"));
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
