using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>
/// What an entry's name is made of: the graph's content, size and time of the last change of its weights' files, a sample of each weight, the kernels' version
/// and the form. Two models of a family have the same graph and sizes, and where files come out of an archive or an image the same times as well; then the
/// samples tell them apart.
/// </summary>
internal static partial class CacheKey
{
    private const int Digits = 32;

    /// <summary>Bytes looked at in the middle of each weight: with 300 weights some milliseconds, far from reading them.</summary>
    private const int SampleBytes = 1024;

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
        TensorProto[] external = [.. GraphTensors.External(model.Proto.Graph)];
        foreach (string location in external.Select(tensor => ExternalReference.Of(tensor, file).Location).Distinct().Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, location);
            FileInfo data = (FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path));
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{location}\n{data.Length}\n{data.LastWriteTimeUtc.Ticks}")));
        }

        AddSamples(hash, file, external);
        string name = Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{KernelCache.Version}-{form.ToString().ToLowerInvariant()}");
    }

    private static void AddSamples(IncrementalHash hash, string file, IEnumerable<TensorProto> tensors)
    {
        using TensorReader reader = new(file);
        Span<byte> sample = stackalloc byte[SampleBytes];
        foreach (TensorProto tensor in tensors.Where(TensorReader.IsReadable))
        {
            long length = TensorReader.Length(tensor);
            Span<byte> some = sample[..(int)Math.Min(SampleBytes, length)];
            reader.Read(tensor, (length - some.Length) / 2, some);
            hash.AppendData(some);
        }
    }

    [GeneratedRegex(@"^[0-9a-f]{32}-\d{1,9}-[a-z0-9]{1,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
