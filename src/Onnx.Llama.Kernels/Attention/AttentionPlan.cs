namespace Onnx.Llama.Kernels.Attention;

/// <summary>How queries are divided into tasks. It changes which threads do what, never a result.</summary>
internal readonly struct AttentionPlan
{
    /// <summary>Floats of scratch memory that a task takes from its stack.</summary>
    public const int ScratchFloats = 16 * 1024;

    private const int MaxTileRows = 32;

    /// <summary>The widest register, to which heads are padded in scratch memory.</summary>
    private const int Padding = 16;

    /// <summary>Share of the threads' time that a division may waste before heads of a group are divided too.</summary>
    private const double LeastBalance = 0.9;

    public AttentionPlan(AttentionShape shape, int threads)
    {
        int rows = Math.Min(MaxTileRows, ScratchFloats / FloatsPerRow(shape.HeadSize));
        int parts = (shape.Group + rows - 1) / rows;
        HeadsPerTask = (shape.Group + parts - 1) / parts;
        Positions = TilePositions(rows / HeadsPerTask, shape.Tokens);
        Tiles = (shape.Tokens + Positions - 1) / Positions;
        int units = shape.Rows * shape.KvHeads * Tiles;
        while (HeadsPerTask > 1 && Balance(units * parts, threads) < LeastBalance)
        {
            parts++;
            HeadsPerTask = (shape.Group + parts - 1) / parts;
        }

        Parts = (shape.Group + HeadsPerTask - 1) / HeadsPerTask;
        Tasks = units * Parts;
    }

    /// <summary>Heads of a group in a task; the group's last task may have fewer.</summary>
    public int HeadsPerTask { get; }

    /// <summary>Tasks that share a group.</summary>
    public int Parts { get; }

    /// <summary>Positions in a task; a row's last task may have fewer.</summary>
    public int Positions { get; }

    /// <summary>Tasks that share a row's positions.</summary>
    public int Tiles { get; }

    /// <summary>Tasks in all.</summary>
    public int Tasks { get; }

    /// <summary>Floats of a head in scratch memory.</summary>
    public static int Padded(int headSize) => (headSize + Padding - 1) & ~(Padding - 1);

    /// <summary>A query, its output, its scores, its lane sums, and its largest score and rescaling.</summary>
    private static int FloatsPerRow(int headSize) => (2 * Padded(headSize)) + KvBlocks.KeyBlock + Padding + 2;

    private static int TilePositions(int most, int tokens)
    {
        int positions = Math.Min(most, tokens);
        return positions > 4 ? positions & ~3 : Math.Max(1, positions);
    }

    private static double Balance(int tasks, int threads) => tasks / (double)(((tasks + threads - 1) / threads) * threads);
}
