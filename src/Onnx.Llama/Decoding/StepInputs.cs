using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Decoding;

/// <summary>The memory of a graph's small inputs, filled anew before each run and never shrunk.</summary>
internal sealed class StepInputs : IDisposable
{
    private readonly RunOptions _options = new();

    /// <summary>int64 [rows, new].</summary>
    public HostBuffer Ids { get; private set; } = new(0);

    /// <summary>int64 [rows, new].</summary>
    public HostBuffer Positions { get; private set; } = new(0);

    /// <summary>int64 [rows, total].</summary>
    public HostBuffer Mask { get; private set; } = new(0);

    /// <summary>int64 [1].</summary>
    public HostBuffer LogitsFrom { get; } = new(sizeof(long));

    /// <summary>Makes room for a run.</summary>
    public void Reserve(int rows, int newTokens, int total)
    {
        long count = checked((long)rows * newTokens);
        if (Ids.Bytes < count * sizeof(long))
        {
            Ids = Grown(Ids, count);
            Positions = Grown(Positions, count);
        }

        long mask = checked((long)rows * total);
        if (Mask.Bytes < mask * sizeof(long)) Mask = Grown(Mask, mask);
    }

    /// <summary>Fills one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="tokens">Its new tokens.</param>
    /// <param name="past">Tokens before them.</param>
    /// <param name="total">Columns of the mask: the longest row's past and new tokens.</param>
    public void Fill(int row, ReadOnlySpan<int> tokens, int past, int total)
    {
        Span<long> ids = Ids.Span<long>((long)row * tokens.Length, tokens.Length);
        Span<long> positions = Positions.Span<long>((long)row * tokens.Length, tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
            positions[i] = past + i;
        }

        Span<long> mask = Mask.Span<long>((long)row * total, total);
        mask[..(past + tokens.Length)].Fill(1);
        mask[(past + tokens.Length)..].Clear();
    }

    /// <summary>Says whether logits are wanted for all positions, or for the last ones only.</summary>
    public void WantLogits(bool all) => LogitsFrom.Span<long>(0, 1)[0] = all ? 0 : -RowSchedule.LastPositions;

    public void Run(InferenceSession session, OrtIoBinding binding) => session.RunWithBinding(_options, binding);

    public void Dispose()
    {
        _options.Dispose();
        Ids.Dispose();
        Positions.Dispose();
        Mask.Dispose();
        LogitsFrom.Dispose();
    }

    /// <summary>Twice as much as before at least, so that a growing sequence seldom moves its mask.</summary>
    private static HostBuffer Grown(HostBuffer old, long count)
    {
        HostBuffer grown = new(Math.Max(checked(count * sizeof(long)), 2 * old.Bytes));
        old.Dispose();
        return grown;
    }
}
