namespace Onnx.Llama.Kernels.Products;

/// <summary>
/// How rows of activations lie once they are quantised, in the order in which a product reads them. Four rows make a tile, and for each block of columns
/// it has
/// <code>codes of 32 columns of row 0 | row 1 | row 2 | row 3 | the next 32 columns … | 4 scales | 4 corrections</code>
/// A single last row is a tile of one; two or three are a tile of four with rows of nothing. The correction is what the weights' zero point takes away: for a
/// common one the int32 -zeroPoint * sum of codes, where each block has its own the float32 -scale * sum of codes.
/// </summary>
/// <param name="Block">Columns of a block.</param>
/// <param name="Blocks">Blocks of a row.</param>
/// <param name="Rows">Rows.</param>
internal readonly record struct ActivationTiles(int Block, int Blocks, int Rows)
{
    /// <summary>Rows of a tile.</summary>
    public const int Height = 4;

    /// <summary>Bytes of a scale and a correction.</summary>
    private const int Tail = 8;

    public int Tiles => (Rows + Height - 1) / Height;

    public long Bytes => (Tiles - 1) * TileBytes(Height) + TileBytes(HeightOf(Tiles - 1));

    /// <summary>1 or 4.</summary>
    public int HeightOf(int tile) => Rows - (tile * Height) == 1 ? 1 : Height;

    /// <summary>Rows of a tile that stand for something.</summary>
    public int RowsOf(int tile) => Math.Min(Height, Rows - (tile * Height));

    /// <summary>Where a tile begins.</summary>
    public long Offset(int tile) => tile * TileBytes(Height);

    /// <summary>Bytes of one block of a tile.</summary>
    public int BlockBytes(int height) => height * (Block + Tail);

    private long TileBytes(int height) => (long)Blocks * BlockBytes(height);
}
