using Onnx.Llama.Checkpoints;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Cli.Verification;

/// <summary>
/// Reference values of a classifier or an embedder, from a safetensors file: <c>ids</c> and <c>mask</c> int64 [texts, positions], with <c>scores</c>
/// float32 [texts, labels], or <c>mean</c> or <c>last</c> float32 [texts, width], by the model's pooling.
/// </summary>
internal sealed record HeadReferenceFile
{
    /// <summary>The name of the values.</summary>
    public required string Name { get; init; }

    /// <summary>The texts' tokens, without fillings.</summary>
    public required IReadOnlyList<int[]> Texts { get; init; }

    /// <summary>The values, a row for each text.</summary>
    public required LogitTable Values { get; init; }

    /// <summary>Reads a file, and refuses one that cannot be compared with the model.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What the model computes: scores, mean or last.</param>
    /// <param name="width">Numbers of it for a text.</param>
    /// <param name="vocabulary">Tokens that the model knows.</param>
    /// <param name="contextLength">The most tokens of a text.</param>
    /// <exception cref="VerificationException">It has nothing to compare, or is another model's.</exception>
    /// <exception cref="CheckpointException">It is not a safetensors file.</exception>
    public static HeadReferenceFile Read(string file, string name, int width, int vocabulary, int contextLength)
    {
        using Checkpoint checkpoint = Checkpoint.OpenFile(file);
        if (!checkpoint.TryGet("ids", out TensorInfo? ids) || !checkpoint.TryGet("mask", out TensorInfo? mask) || !checkpoint.TryGet(name, out TensorInfo? values))
        {
            throw new VerificationException(file, $"has nothing to compare; expected ids and mask with {name}, which is what this model computes.");
        }

        if (ids.DType != DType.I64 || ids.Shape is not [> 0, > 0]) throw ReferenceFile.Wrong(ids, "I64 [texts, positions], both at least 1");
        if (mask.DType != DType.I64 || !mask.Shape.AsSpan().SequenceEqual(ids.Shape.AsSpan())) throw ReferenceFile.Wrong(mask, $"I64 [{string.Join(", ", ids.Shape)}], the shape of ids");
        if (values.DType != DType.F32 || values.Shape.Length != 2 || values.Shape[0] != ids.Shape[0] || values.Shape[1] != width)
        {
            throw ReferenceFile.Wrong(values, FormattableString.Invariant($"F32 [{ids.Shape[0]}, {width}], a row for each text. Is it another model's?"));
        }

        float[] numbers = new float[values.Elements];
        FloatFormats.Decode(FloatFormat.Float32, ReferenceFile.Content(checkpoint, values), numbers);
        IReadOnlyList<int[]> texts = ReadTexts(file, ReferenceFile.Content(checkpoint, ids), ReferenceFile.Content(checkpoint, mask), (int)ids.Shape[1], vocabulary);
        if (texts.FirstOrDefault(text => text.Length > contextLength) is { } longest)
        {
            throw new VerificationException(file, FormattableString.Invariant($"has a text of {longest.Length} tokens; expected at most {contextLength}, the model's context."));
        }

        return new HeadReferenceFile { Name = name, Texts = texts, Values = new LogitTable(numbers, width) };
    }

    private static int[][] ReadTexts(string file, byte[] ids, byte[] mask, int positions, int vocabulary)
    {
        int[][] texts = new int[ids.Length / sizeof(long) / positions][];
        for (int row = 0; row < texts.Length; row++)
        {
            texts[row] = [.. Enumerable.Range(row * positions, positions).Where(place => IsToken(row, Number(mask, place))).Select(place => Id(Number(ids, place)))];
            if (texts[row].Length == 0) throw new VerificationException(file, FormattableString.Invariant($"'mask' leaves no token of text {row}; expected at least one."));
        }

        return texts;

        static long Number(byte[] bytes, int place) => BitConverter.ToInt64(bytes, place * sizeof(long));

        bool IsToken(int row, long value) => value is 0 or 1
            ? value == 1
            : throw new VerificationException(file, FormattableString.Invariant($"'mask' has {value} in text {row}; expected 0 or 1."));

        int Id(long id) => id >= 0 && id < vocabulary ? (int)id : throw new VerificationException(
            file, FormattableString.Invariant($"'ids' has the id {id}; expected 0 to {vocabulary - 1}, the model's vocabulary. Is it another model's?"));
    }
}
