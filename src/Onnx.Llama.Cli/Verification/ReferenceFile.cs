using Onnx.Llama.Checkpoints;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Cli.Verification;

/// <summary>
/// Reference values of a model, from a safetensors file as eng/reference.py writes it: <c>ids</c> int64 [T] with <c>logits</c> float32 [T, vocabulary];
/// <c>greedy</c> int64 [n], continuing ids; <c>long_ids</c> int64 [N] with <c>long_logits</c> float32 [rows, vocabulary], of the last rows.
/// </summary>
internal sealed record ReferenceFile
{
    private const int GreatestLength = 1 << 30;

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The prompt.</summary>
    public required int[]? Ids { get; init; }

    /// <summary>The logits of every position of the prompt.</summary>
    public required LogitTable? Logits { get; init; }

    /// <summary>The continuation of the prompt by the most likely token, end tokens ignored.</summary>
    public required int[]? Greedy { get; init; }

    /// <summary>A longer text.</summary>
    public required int[]? LongIds { get; init; }

    /// <summary>The logits of its last positions.</summary>
    public required LogitTable? LongLogits { get; init; }

    /// <summary>Reads a file, and refuses one that cannot be compared with a model of that vocabulary and context.</summary>
    /// <exception cref="VerificationException">It has nothing to compare, or is another model's.</exception>
    /// <exception cref="CheckpointException">It is not a safetensors file.</exception>
    public static ReferenceFile Read(string file, int vocabulary, int contextLength)
    {
        using Checkpoint checkpoint = Checkpoint.OpenFile(file);
        ReferenceFile reference = new()
        {
            File = file,
            Ids = Ids("ids"),
            Logits = Table("logits"),
            Greedy = Ids("greedy"),
            LongIds = Ids("long_ids"),
            LongLogits = Table("long_logits"),
        };
        reference.Check(vocabulary, contextLength);
        return reference;

        int[]? Ids(string name)
        {
            if (!checkpoint.TryGet(name, out TensorInfo? tensor)) return null;
            if (tensor.DType != DType.I64 || tensor.Shape.Length != 1) throw Wrong(tensor, "I64 with one dimension");
            byte[] bytes = Content(checkpoint, tensor);
            int[] ids = new int[tensor.Elements];
            for (int i = 0; i < ids.Length; i++)
            {
                long id = BitConverter.ToInt64(bytes, i * sizeof(long));
                if (id < 0 || id >= vocabulary)
                {
                    throw new VerificationException(
                        file, FormattableString.Invariant($"'{name}' has the id {id}; expected 0 to {vocabulary - 1}, the model's vocabulary. Is it another model's?"));
                }

                ids[i] = (int)id;
            }

            return ids;
        }

        LogitTable? Table(string name)
        {
            if (!checkpoint.TryGet(name, out TensorInfo? tensor)) return null;
            if (tensor.DType != DType.F32 || tensor.Shape.Length != 2) throw Wrong(tensor, "F32 with two dimensions");
            if (tensor.Shape[1] != vocabulary)
            {
                throw new VerificationException(
                    file, FormattableString.Invariant($"'{name}' is {tensor}; expected rows of {vocabulary}, the model's vocabulary. Is it another model's?"));
            }

            float[] values = new float[tensor.Elements];
            FloatFormats.Decode(FloatFormat.Float32, Content(checkpoint, tensor), values);
            return new LogitTable(values, vocabulary);
        }
    }

    /// <summary>A tensor's bytes.</summary>
    /// <exception cref="VerificationException">They are more than any reference needs.</exception>
    internal static byte[] Content(Checkpoint checkpoint, TensorInfo tensor)
    {
        if (tensor.ByteLength > GreatestLength) throw Wrong(tensor, FormattableString.Invariant($"at most {GreatestLength} bytes"));
        byte[] bytes = new byte[tensor.ByteLength];
        checkpoint.Read(tensor, 0, bytes);
        return bytes;
    }

    private void Check(int vocabulary, int contextLength)
    {
        bool hasPrompt = Ids is { Length: > 0 };
        bool hasLogits = hasPrompt && Logits is { Rows: > 0 };
        bool hasGreedy = hasPrompt && Greedy is { Length: > 0 };
        bool hasLong = LongIds is { Length: > 0 } && LongLogits is { Rows: > 0 };
        if (!hasLogits && !hasGreedy && !hasLong)
        {
            throw new VerificationException(
                File, "has nothing to compare; expected ids with logits or greedy, or long_ids with long_logits. eng/reference.py writes such a file.");
        }

        if (hasLogits && Logits!.Rows != Ids!.Length) throw Lengths("logits", Logits.Rows, $"{Ids.Length}, one for each of ids");
        if (hasLong && LongLogits!.Rows > LongIds!.Length) throw Lengths("long_logits", LongLogits.Rows, $"at most {LongIds.Length}, the length of long_ids");
        int longest = Math.Max((Ids?.Length ?? 0) + (hasGreedy ? Greedy!.Length : 0), LongIds?.Length ?? 0);
        if (longest > contextLength)
        {
            throw new VerificationException(File, FormattableString.Invariant($"has a text of {longest} tokens; expected at most {contextLength}, the model's context."));
        }

        VerificationException Lengths(string name, int rows, string expected) =>
            new(File, FormattableString.Invariant($"'{name}' has {rows} rows; expected {expected}."));
    }

    /// <summary>The fault of a tensor that is not what it should be.</summary>
    internal static VerificationException Wrong(TensorInfo tensor, string expected) => new(tensor.File, $"'{tensor.Name}' is {tensor}; expected {expected}.");
}

/// <summary>Logits [rows, vocabulary].</summary>
internal sealed record LogitTable(float[] Values, int Vocabulary)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Values.Length / Vocabulary;

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Vocabulary, Vocabulary);

    /// <summary>The standard deviation of all values.</summary>
    public double StandardDeviation()
    {
        double mean = Values.Average(value => (double)value);
        return Math.Sqrt(Values.Average(value => (value - mean) * (value - mean)));
    }
}
