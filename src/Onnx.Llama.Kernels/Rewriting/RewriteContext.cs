using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels.Rewriting;

/// <summary>What the rewrites of a graph share.</summary>
/// <param name="graph">The graph.</param>
/// <param name="reader">Its weights.</param>
/// <param name="form">What the machine runs.</param>
internal sealed class RewriteContext(GraphEditor graph, TensorReader reader, InstructionSet form)
{
    private readonly List<WeightPiece> _pieces = [];

    public GraphEditor Graph => graph;

    public TensorReader Reader => reader;

    public InstructionSet Form => form;

    /// <summary>Packed weights so far.</summary>
    public IReadOnlyList<WeightPiece> Pieces => _pieces;

    /// <summary>Adds packed weights to the graph as an initializer of bytes.</summary>
    public void Add(WeightPiece piece)
    {
        TensorProto tensor = new() { Name = piece.Name, DataType = (int)Onnx.Llama.Graph.ElementType.UInt8, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(piece.Bytes);
        graph.Add(tensor);
        _pieces.Add(piece);
    }

    /// <summary>Adds a matrix, or a gate's and its other one; one that is packed already is used again.</summary>
    public ProductPiece Pack(string name, IReadOnlyList<QuantizedTensors> matrices)
    {
        QuantizedTensors first = matrices[0];
        ProductPiece? same = matrices.Count > 1 ? null : _pieces.OfType<ProductPiece>().FirstOrDefault(piece => !piece.IsGated && IsSame(piece.Tensors, first));
        if (same is not null) return same;
        ProductPiece piece = new(graph.FreeName(name), new PackedMatrix(first.Format, first.N, first.K, ProductForms.Lanes(form)), matrices);
        Add(piece);
        return piece;
    }

    /// <summary>Says of a node's weights what its kernel must know.</summary>
    public static NodeProto Describe(NodeProto node, ProductPiece piece, Gate gate)
    {
        piece.AddUser(node);
        PackedMatrix shape = piece.Shape;
        return node
            .With(ProductAttributes.N, shape.N)
            .With(ProductAttributes.K, shape.K)
            .With(ProductAttributes.Bits, shape.Format.Bits)
            .With(ProductAttributes.Block, shape.Format.Block)
            .With(ProductAttributes.Asymmetric, shape.Format.Asymmetric ? 1 : 0)
            .With(ProductAttributes.Lanes, shape.Lanes)
            .With(ProductAttributes.Gate, GateNames.Of(gate));
    }

    /// <summary>Equal codes alone say nothing: those of two matrices may be the same bytes with other scales.</summary>
    private bool IsSame(QuantizedTensors one, QuantizedTensors other) =>
        (one.Format, one.N, one.K) == (other.Format, other.N, other.K) && IsSame(one.Codes, other.Codes) && IsSame(one.Scales, other.Scales)
        && (one.ZeroPoints is null || IsSame(one.ZeroPoints, other.ZeroPoints!));

    private bool IsSame(TensorProto one, TensorProto other) => reader.Identity(one) == reader.Identity(other);
}
