using System.Collections.Immutable;

namespace Onnx.Llama.Checkpoints;

/// <summary>The format's rule for the bytes after the header: each belongs to exactly one tensor.</summary>
internal static class SafetensorsLayout
{
    /// <summary>The tensors in the order of their bytes, when they cover the data without overlap, gap or rest.</summary>
    public static ImmutableArray<TensorInfo> Check(List<TensorInfo> tensors, string file, long dataStart, long fileLength)
    {
        ImmutableArray<TensorInfo> ordered = [.. tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        long end = dataStart;
        string before = "the header";
        foreach (TensorInfo tensor in ordered)
        {
            if (tensor.Offset + tensor.ByteLength > fileLength) throw PastEnd(tensor, file, dataStart, fileLength);
            if (tensor.Offset != end) throw Misplaced(tensor, file, tensor.Offset - dataStart, end - dataStart, before);
            end = tensor.Offset + tensor.ByteLength;
            before = $"tensor '{Show.Text(tensor.Name)}'";
        }

        if (end != fileLength)
        {
            throw new CheckpointException(file, null, $"the tensors end at byte {end - dataStart} of the data, the file at {fileLength - dataStart}; expected the same. "
                + "Bytes that belong to no tensor are not allowed.");
        }

        return ordered;
    }

    private static CheckpointException PastEnd(TensorInfo tensor, string file, long dataStart, long fileLength) =>
        new(file, tensor.Name, $"tensor '{Show.Text(tensor.Name)}' ends at byte {tensor.Offset + tensor.ByteLength - dataStart} of the data, but the file has {fileLength - dataStart}. "
            + "It is cut off: download it again.");

    private static CheckpointException Misplaced(TensorInfo tensor, string file, long begin, long expected, string before) =>
        new(file, tensor.Name, $"tensor '{Show.Text(tensor.Name)}' begins at byte {begin} of the data, {(begin < expected ? "inside" : "leaving a gap after")} {before}; expected {expected}. "
            + "The file is damaged.");
}
