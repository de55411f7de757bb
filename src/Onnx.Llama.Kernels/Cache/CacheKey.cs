using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>What an entry's name is made of: the graph's content, size and time of the last change of its weights, the kernels' version and the form.</summary>
internal static partial class CacheKey
{
    private const int Digits = 32;

    /// <summary>Whether a name is an entry's, of any version and form.</summary>
    public static bool Is(string name) => Form().IsMatch(name);

    /// <param name="file">The graph's file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="model">The same, read.</param>
    /// <param name="form">What will run.</param>
    public static string Of(string file, ReadOnlySpan<byte> bytes, OnnxModel model, InstructionSet form)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        IEnumerable<TensorProto> external = GraphTensors.External(model.Proto.Graph);
        foreach (string location in external.Select(tensor => ExternalReference.Of(tensor, file).Location).Distinct().Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, location);
            FileInfo data = (FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path));
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{location}\n{data.Length}\n{data.LastWriteTimeUtc.Ticks}")));
        }

        string name = Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{KernelCache.Version}-{form.ToString().ToLowerInvariant()}");
    }

    [GeneratedRegex(@"^[0-9a-f]{32}-\d{1,9}-[a-z0-9]{1,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
