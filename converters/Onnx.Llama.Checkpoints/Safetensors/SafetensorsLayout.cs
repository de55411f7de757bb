using System.Collections.Immutable;

namespace Onnx.Llama.Checkpoints;

/// <summary>The format's rule for the bytes after the header: each belongs to exactly one tensor.</summary>
internal static class SafetensorsLayout
{
    /// <summary>The tensors in the order of their bytes, when they cover the data without overlap, gap or rest.</summary>
    public static ImmutableArray<TensorInfo> Check(List<TensorInfo> tensors, string file, long dataStart, long fileLength)
    {
        ImmutableArray<TensorInfo> ordered =
            [.. tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        long dataLength = fileLength - dataStart;
        long covered = 0;
        string before = "the header";
        foreach (TensorInfo tensor in ordered)
        {
            string name = $"tensor '{Show.Text(tensor.Name)}'";
            long begin = tensor.Offset - dataStart;
            long end = begin + tensor.ByteLength;
            if (end > dataLength)
            {
                string problem = $"{name} ends at byte {end} of the data, but the file has {dataLength}.";
                throw new CheckpointException(file, tensor.Name, $"{problem} It is cut off: download it again.");
            }

            if (begin != covered)
            {
                string where = begin < covered ? "inside" : "leaving a gap after";
                string problem = $"{name} begins at byte {begin} of the data, {where} {before}; expected {covered}.";
                throw new CheckpointException(file, tensor.Name, $"{problem} The file is damaged.");
            }

            covered = end;
            before = name;
        }

        if (covered == dataLength) return ordered;
        string rest = $"the tensors end at byte {covered} of the data, the file at {dataLength}; expected the same.";
        throw new CheckpointException(file, null, $"{rest} Bytes that belong to no tensor are not allowed.");
    }
}
