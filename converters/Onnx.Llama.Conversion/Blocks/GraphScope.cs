using System.Globalization;
using System.Runtime.InteropServices;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What every block works on: the facts, the target, the graph so far, the checkpoint's weights, and the data file's plan.</summary>
internal sealed class GraphScope(DecoderSpec spec, GraphTarget target, WeightSource weights, PrecisionRecipe recipe, GraphBuilder graph, DataPlan data)
{
    /// <summary>What the graph gives; one that gives no logits takes whole texts and has no cache.</summary>
    public ModelHead Head { get; init; } = new ModelHead.Text();

    /// <summary>Whether keys and values are kept from one run to the next.</summary>
    public bool HasCache => Head is ModelHead.Text;

    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);

    public DecoderSpec Spec => spec;

    public GraphTarget Target => target;

    public WeightSource Weights => weights;

    public PrecisionRecipe Recipe => recipe;

    public GraphBuilder Graph => graph;

    /// <summary>The element type of activations and caches.</summary>
    public ElementType Activations { get; } = target.Activations(recipe);

    /// <summary>int64 [1], the constant 1.</summary>
    public string One => Int64s(1);

    /// <summary>An int64 scalar; the same constant stands in the graph once.</summary>
    public string Int64(long value) => Constant(
        FormattableString.Invariant($"/model/constants/INT64/{value}"), name => graph.Int64(name, value));

    /// <summary>An int64 vector; the same constant stands in the graph once.</summary>
    public string Int64s(params long[] values)
    {
        string text = values is [long.MaxValue] ? "max" : string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        return Constant($"/model/constants/INT64/[{text}]", name => graph.Int64s(name, values));
    }

    /// <summary>A scalar of the activations' type; the same constant stands in the graph once.</summary>
    public string Scalar(float value) => Constant(FormattableString.Invariant($"/model/constants/FLOAT/{value}"), name =>
    {
        Span<byte> bytes = stackalloc byte[FloatBytes.SizeOf(Activations)];
        FloatBytes.Encode(Activations, new ReadOnlySpan<float>(in value), bytes);
        return graph.Initializer(name, Activations, [], bytes);
    });

    /// <summary>A float32 scalar; the same constant stands in the graph once.</summary>
    public string Single(float value) => Constant(
        FormattableString.Invariant($"/model/constants/FLOAT32/{value}"),
        name => graph.Initializer(name, ElementType.Float, [], MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in value))));

    /// <summary>A vector of ones of the activations' type, for operators that want a gain.</summary>
    public string Ones(int length) => Constant(
        FormattableString.Invariant($"/model/constants/ones/{length}"),
        name => Floats(name, new ComputedRows(1, length, (_, row) => row.Fill(1)), length));

    /// <summary>An external initializer of the activations' type.</summary>
    public string Floats(string name, RowSource source, params ReadOnlySpan<long> shape) => Floats(name, source, Activations, shape);

    /// <summary>An external initializer of the given type and shape, whose bytes are the source's rows.</summary>
    public string Floats(string name, RowSource source, ElementType type, params ReadOnlySpan<long> shape) =>
        graph.External(name, type, shape, data.File, data.Floats(new NamedRows(name, source), type));

    /// <summary>An external uint8 initializer [rows, columns] of one repeated byte.</summary>
    public string Filled(string name, byte value, int rows, int columns) =>
        graph.External(name, ElementType.UInt8, [rows, columns], data.File, data.Filling(name, value, rows, columns));

    /// <summary>A second view of a range that is planned already.</summary>
    public string Alias(string name, ElementType type, ExternalRange range, params ReadOnlySpan<long> shape) =>
        graph.External(name, type, shape, data.File, range);

    /// <summary>A matrix in the given form.</summary>
    public Matrix Store(NamedRows rows, WeightFormat format) => format switch
    {
        WeightFormat.Blocks blocks => StoreBlocks(rows, data.Blocks(rows, blocks.Fitting(rows.Source.Columns))),
        WeightFormat.Floats(var type) => StoreFloats(rows, type),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "expected a known form"),
    };

    /// <summary>As many matrices of one shape, one under the other, as floating-point numbers [count, rows, columns].</summary>
    public Matrix StoreStacked(NamedRows rows, ElementType type, int count) =>
        new(Alias(rows.Name, type, data.Floats(rows, type), count, rows.Source.Rows / count, rows.Source.Columns), type);

    /// <summary>As many matrices of one shape, one under the other, in blocks: codes [count, rows, bytes], and as many scales.</summary>
    public Matrix StoreStacked(NamedRows rows, BlockFormat format, int count)
    {
        long each = rows.Source.Rows / count;
        StoredBlocks stored = data.Blocks(rows, format);
        int scales = format.RowScales(stored.Columns);
        return new Matrix(
            Alias(BlocksName(rows, format), ElementType.UInt8, stored.Codes, count, each, (long)scales * format.BlockBytes),
            ElementType.Float,
            Alias($"{rows.Name}_scales", ElementType.Float, stored.Scales, count, each, scales),
            stored.ZeroPoints is { } range ? Alias(ZeroPointsName(rows), ElementType.UInt8, range, count, each, format.RowZeroPointBytes(stored.Columns)) : "",
            stored);
    }

    /// <summary>
    /// <c>y = x * weight^T + bias</c>; x is [rows, positions, columns], weight [outputs, columns] as checkpoints store it, bias [outputs, 1] or null.
    /// </summary>
    /// <param name="path">The node's path, as onnxruntime-genai names it: "/model/layers.0/mlp/up_proj".</param>
    /// <param name="x">The input.</param>
    /// <param name="weight">The matrix.</param>
    /// <param name="bias">The bias, if there is one.</param>
    public string Linear(string path, string x, RowSource weight, RowSource? bias) =>
        Linear(path, x, new NamedRows(WeightName(path), weight), bias);

    /// <inheritdoc cref="Linear(string, string, RowSource, RowSource?)"/>
    public string Linear(string path, string x, NamedRows weight, RowSource? bias)
    {
        string y = Product(path, x, Store(weight, recipe.Layers));
        return bias is null ? y : graph.Node($"{path}/Add", OpNames.Add, [y, Floats($"{NameOf(path)}.Add.bias", bias, bias.Rows)]);
    }

    /// <summary>The product with a stored matrix, <c>x * matrix^T</c>.</summary>
    public string Product(string path, string x, Matrix matrix, string? output = null) =>
        target.IsStandard ? StandardForm.Product(this, path, x, matrix, output)
        : matrix.Blocks is { } blocks ? QuantizedProduct(path, x, matrix, blocks, output) : FloatProduct(path, x, matrix, output);

    /// <summary>The name of a projection's matrix in the graph.</summary>
    public static string WeightName(string path) => $"{NameOf(path)}.MatMul.weight";

    /// <summary>The name of a matrix's zero points.</summary>
    public static string ZeroPointsName(NamedRows rows) => $"{rows.Name}_zero_points";

    /// <summary>A value in the activations' type.</summary>
    public string ToActivations(string path, string value, ElementType from) =>
        from == Activations ? value : graph.Node($"{path}/Cast", OpNames.Cast, [value], Int("to", (int)Activations));

    /// <summary>An initializer in the activations' type, converted where it is stored in another, which ONNX Runtime does once, when it loads the graph.</summary>
    public string Computable(string initializer, ElementType stored) =>
        stored == Activations ? initializer : Constant($"/{initializer}", path => ToActivations(path, initializer, stored));

    private static string NameOf(string path) => path.TrimStart('/').Replace('/', '.');

    private string Constant(string name, Func<string, string> make)
    {
        if (!_constants.TryGetValue(name, out string? made)) _constants[name] = made = make(name);
        return made;
    }

    private Matrix StoreFloats(NamedRows rows, ElementType type) => new(
        graph.External(rows.Name, type, [rows.Source.Rows, rows.Source.Columns], data.File, data.Floats(rows, type)), type);

    private Matrix StoreBlocks(NamedRows rows, StoredBlocks stored)
    {
        int blocks = stored.Format.RowScales(stored.Columns);
        string codes = BlocksName(rows, stored.Format);
        graph.External(codes, ElementType.UInt8, [stored.Rows, blocks, stored.Format.BlockBytes], data.File, stored.Codes);
        string scales = graph.External($"{rows.Name}_scales", ElementType.Float, [stored.Rows, blocks], data.File, stored.Scales);
        string zeroPoints = stored.ZeroPoints is { } range
            ? graph.External(ZeroPointsName(rows), ElementType.UInt8, [stored.Rows, stored.Format.RowZeroPointBytes(stored.Columns)], data.File, range)
            : "";
        return new Matrix(codes, ElementType.Float, scales, zeroPoints, stored);
    }

    private static string BlocksName(NamedRows rows, BlockFormat format) => FormattableString.Invariant($"{rows.Name}_Q{format.Bits}");

    private string FloatProduct(string path, string x, Matrix matrix, string? output)
    {
        string node = $"{path}/MatMul";
        output ??= $"{node}/output_0";
        graph.Node(node, OpNames.FusedMatMul, [x, Computable(matrix.Name, matrix.Type)], [output], Int("transA", 0), Int("transB", 1));
        return output;
    }

    /// <summary>Accuracy level 4 lets the kernel round x to 8 bits, which all fast CPU kernels do; GPUs compute in the activations' type.</summary>
    private string QuantizedProduct(string path, string x, Matrix matrix, StoredBlocks blocks, string? output)
    {
        string node = FormattableString.Invariant($"{path}/MatMul_Q{blocks.Format.Bits}");
        output ??= $"{node}/output_0";
        graph.Node(
            node,
            OpNames.MatMulNBits,
            [x, matrix.Name, Computable(matrix.Scales, matrix.Type), .. matrix.ZeroPoints.Length > 0 ? [matrix.ZeroPoints] : Array.Empty<string>()],
            [output],
            Int("K", blocks.Columns),
            Int("N", blocks.Rows),
            Int("accuracy_level", target.IsGpu ? 0 : 4),
            Int("bits", blocks.Format.Bits),
            Int("block_size", blocks.Format.BlockSize));
        return output;
    }
}
