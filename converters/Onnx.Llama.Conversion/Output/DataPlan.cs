using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;

namespace Onnx.Llama.Conversion.Output;

/// <summary>
/// What the data file will hold, and where. Graphs of several targets share it: what two of them store in the same form stands there once, also where one
/// has in a single matrix what the other has in several.
/// </summary>
internal sealed class DataPlan(string file)
{
    private readonly ExternalDataLayout _layout = new(file);
    private readonly List<DataJob> _jobs = [];
    private readonly Dictionary<(string Name, ElementType Type), ExternalRange> _floats = [];
    private readonly Dictionary<(string Name, BlockFormat Format), StoredBlocks> _blocks = [];
    private readonly Dictionary<string, ExternalRange> _fillings = [];

    /// <summary>The file's name.</summary>
    public string File => _layout.Location;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _layout.Length;

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<DataJob> Jobs => _jobs;

    /// <summary>Numbers of one type.</summary>
    public ExternalRange Floats(NamedRows rows, ElementType type)
    {
        if (_floats.TryGetValue((rows.Name, type), out ExternalRange range)) return range;
        long rowBytes = (long)rows.Source.Columns * FloatBytes.SizeOf(type);
        range = _layout.Reserve(checked(rows.Source.Rows * rowBytes));
        _jobs.Add(new FloatsJob(rows.Name, rows.Source, type, range));
        foreach ((NamedRows part, long first) in rows.Parts) _floats[(part.Name, type)] = Part(range, first, part.Source.Rows, rowBytes);
        return _floats[(rows.Name, type)] = range;
    }

    /// <summary>Codes, float32 scales and, where they are stored, zero points of blocks.</summary>
    public StoredBlocks Blocks(NamedRows rows, BlockFormat format)
    {
        if (_blocks.TryGetValue((rows.Name, format), out StoredBlocks? stored)) return stored;
        (long count, int columns) = (rows.Source.Rows, rows.Source.Columns);
        long codeBytes = format.RowBytes(columns);
        long scaleBytes = (long)format.RowScales(columns) * sizeof(float);
        long zeroPointBytes = format.RowZeroPointBytes(columns);
        stored = new StoredBlocks(format, count, columns, _layout.Reserve(checked(count * codeBytes)), _layout.Reserve(checked(count * scaleBytes)))
        {
            ZeroPoints = format.IsSymmetric ? null : _layout.Reserve(checked(count * zeroPointBytes)),
        };
        _jobs.Add(new BlocksJob(rows.Name, rows.Source, stored));
        foreach ((NamedRows part, long first) in rows.Parts)
        {
            long partRows = part.Source.Rows;
            _blocks[(part.Name, format)] = new StoredBlocks(
                format, partRows, columns, Part(stored.Codes, first, partRows, codeBytes), Part(stored.Scales, first, partRows, scaleBytes))
            {
                ZeroPoints = stored.ZeroPoints is { } zeroPoints ? Part(zeroPoints, first, partRows, zeroPointBytes) : null,
            };
        }

        return _blocks[(rows.Name, format)] = stored;
    }

    /// <summary>One byte, repeated.</summary>
    public ExternalRange Filling(string name, byte value, int rows, int columns)
    {
        if (_fillings.TryGetValue(name, out ExternalRange range)) return range;
        range = _layout.Reserve((long)rows * columns);
        _jobs.Add(new FillJob(name, rows, columns, value, range));
        return _fillings[name] = range;
    }

    private static ExternalRange Part(ExternalRange whole, long first, long rows, long rowBytes) => new(whole.Offset + (first * rowBytes), rows * rowBytes);
}

/// <summary>Where a block-quantised matrix stands.</summary>
/// <param name="Format">Bits, block size, and whether zero points are stored.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Codes">[rows, blocks, blockBytes] uint8.</param>
/// <param name="Scales">[rows, blocks] float32.</param>
internal sealed record StoredBlocks(BlockFormat Format, long Rows, int Columns, ExternalRange Codes, ExternalRange Scales)
{
    /// <summary>[rows, zeroPointBytes] uint8; null where they are implied.</summary>
    public ExternalRange? ZeroPoints { get; init; }
}
