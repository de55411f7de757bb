using System.Globalization;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Graph;

/// <summary>Where a tensor says that its bytes stand (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md).</summary>
/// <param name="Location">The file, relative to the graph's folder.</param>
/// <param name="Offset">Where the bytes begin; 0 where the tensor does not say.</param>
/// <param name="Length">How many bytes; null, where the tensor does not say, for all to the file's end.</param>
public readonly record struct ExternalReference(string Location, long Offset, long? Length)
{
    /// <summary>Whether a tensor's bytes stand outside the graph.</summary>
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>Reads the entries of an external tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="file">The graph's file, for messages.</param>
    /// <exception cref="GraphException">The location leaves the folder, a number is none, or the length is not the shape's.</exception>
    public static ExternalReference Of(TensorProto tensor, string file)
    {
        string subject = Subject(tensor, file);
        string location = Entry(tensor, ExternalKeys.Location, subject) ?? "";
        ExternalLocation.Check(location, subject);
        ExternalReference reference = new(location, Number(tensor, ExternalKeys.Offset, subject) ?? 0, Number(tensor, ExternalKeys.Length, subject));
        reference.CheckLength(tensor, subject);
        return reference;
    }

    /// <summary>Refuses a range that the data file does not have.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="file">The graph's file, for messages.</param>
    /// <param name="fileLength">The data file's length in bytes.</param>
    /// <exception cref="GraphException">The range ends after the file.</exception>
    public void CheckRange(TensorProto tensor, string file, long fileLength)
    {
        long needed = Length ?? (TensorSize.TryBytes(tensor, out long bytes) ? bytes : 0);
        if (Offset <= fileLength && needed <= fileLength - Offset) return;
        throw new GraphException(
            Subject(tensor, file),
            string.Create(CultureInfo.InvariantCulture, $"has {needed} bytes from {Offset} on in '{Location}', which has {fileLength}; expected them inside the file. ")
            + "It is cut off or another graph's: convert or download the model again.");
    }

    /// <summary>How messages name a tensor of a file.</summary>
    public static string Subject(TensorProto tensor, string file) => $"{file}: tensor '{tensor.Name}'";

    private void CheckLength(TensorProto tensor, string subject)
    {
        if (!TensorSize.IsKnown(tensor)) return;
        string found = TensorSize.Describe(tensor);
        if (!TensorSize.TryBytes(tensor, out long bytes)) throw new GraphException(subject, $"is {found}; {TensorSize.Expected}");
        if (Length is null || Length == bytes) return;
        throw new GraphException(
            subject, string.Create(CultureInfo.InvariantCulture, $"has {Length} bytes in '{Location}'; expected {bytes} ({found})."));
    }

    private static long? Number(TensorProto tensor, string key, string subject)
    {
        if (Entry(tensor, key, subject) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new GraphException(subject, $"the {key} is '{text}'; expected a number of bytes, 0 to {long.MaxValue.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static string? Entry(TensorProto tensor, string key, string subject)
    {
        string[] values = [.. tensor.ExternalData.Where(entry => entry.Key == key).Select(entry => entry.Value)];
        return values.Length < 2
            ? values.FirstOrDefault()
            : throw new GraphException(subject, $"the {key} stands twice, as '{values[0]}' and '{values[1]}'; expected it once.");
    }
}
