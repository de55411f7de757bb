using System.Globalization;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Cache;

/// <summary>Places a rewritten graph's weights one behind the other, and writes them.</summary>
internal sealed class PackedLayout
{
    private readonly List<(WeightPiece Piece, long Offset)> _places = [];

    public PackedLayout(RewrittenGraph graph, IEnumerable<WeightPiece> pieces, string location)
    {
        ExternalDataLayout layout = new(location);
        Dictionary<string, TensorProto> tensors = graph.Model.Proto.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (WeightPiece piece in pieces)
        {
            ExternalRange range = layout.Reserve(piece.Bytes);
            _places.Add((piece, range.Offset));
            Point(tensors[piece.Name], location, range);
        }

        Length = layout.Length;
    }

    /// <summary>Bytes of all weights with the gaps between them.</summary>
    public long Length { get; }

    public IReadOnlyList<(WeightPiece Piece, long Offset)> Places => _places;

    /// <summary>Packs everything; afterwards the graph says how scales are kept.</summary>
    public void Write(TensorReader reader, IWeightTarget target, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        long done = 0;
        long total = _places.Sum(place => place.Piece.Bytes);
        foreach ((WeightPiece piece, long offset) in _places)
        {
            piece.Write(reader, target, offset, bytes => progress?.Report(new PackingProgress(done += bytes, total)), cancellationToken);
        }
    }

    private static void Point(TensorProto tensor, string location, ExternalRange range)
    {
        tensor.ExternalData.Clear();
        Add("location", location);
        Add("offset", range.Offset.ToString(CultureInfo.InvariantCulture));
        Add("length", range.Length.ToString(CultureInfo.InvariantCulture));

        void Add(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }
}
