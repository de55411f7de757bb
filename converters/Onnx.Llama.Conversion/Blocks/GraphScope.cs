using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>What every block works on: the facts, the graph so far, the checkpoint's weights, and the data file's plan.</summary>
internal sealed class GraphScope(DecoderSpec spec, WeightSource weights, PrecisionRecipe recipe, GraphBuilder graph, ExternalDataLayout data)
{
    private readonly List<DataJob> _jobs = [];
    private string? _one;

    public DecoderSpec Spec => spec;

    public WeightSource Weights => weights;

    public PrecisionRecipe Recipe => recipe;

    public GraphBuilder Graph => graph;

    /// <summary>int64 [1], the constant 1.</summary>
    public string One => _one ??= graph.Int64s("/model/constants/INT64/[1]", 1);

    /// <summary>The tensors of the data file, in the file's order.</summary>
    public IReadOnlyList<DataJob> Jobs => _jobs;

    /// <summary>An external float32 initializer of the given shape, whose bytes are the source's rows.</summary>
    public string Float32(string name, RowSource source, params ReadOnlySpan<long> shape)
    {
        ExternalRange range = data.Reserve(checked(source.Rows * source.Columns * sizeof(float)));
        _jobs.Add(new Float32Job(name, source, range));
        return graph.External(name, ElementType.Float, shape, data.Location, range);
    }

    /// <summary>
    /// Codes and scales of a block-quantised matrix: <c>NAME_Q4</c> [rows, blocks, blockBytes] uint8 and <c>NAME_scales</c> [rows, blocks] float32.
    /// </summary>
    public (BlocksJob Job, string Codes, string Scales) Blocks(string name, RowSource source, BlockFormat format)
    {
        int blocks = format.RowScales(source.Columns);
        ExternalRange codes = data.Reserve(checked(source.Rows * format.RowBytes(source.Columns)));
        ExternalRange scales = data.Reserve(checked(source.Rows * blocks * sizeof(float)));
        BlocksJob job = new(name, source, format, codes, scales);
        _jobs.Add(job);
        string codesName = FormattableString.Invariant($"{name}_Q{format.Bits}");
        return (
            job,
            graph.External(codesName, ElementType.UInt8, [source.Rows, blocks, format.BlockBytes], data.Location, codes),
            graph.External($"{name}_scales", ElementType.Float, [source.Rows, blocks], data.Location, scales));
    }

    /// <summary>An external uint8 initializer [rows, columns] of one repeated byte.</summary>
    public string Filled(string name, byte value, int rows, int columns)
    {
        ExternalRange range = data.Reserve((long)rows * columns);
        _jobs.Add(new FillJob(name, rows, columns, value, range));
        return graph.External(name, ElementType.UInt8, [rows, columns], data.Location, range);
    }

    /// <summary>A second view of a range that is written already.</summary>
    public string Alias(string name, ElementType type, ExternalRange range, params ReadOnlySpan<long> shape) =>
        graph.External(name, type, shape, data.Location, range);

    /// <summary>
    /// <c>y = x * weight^T + bias</c>; x is [rows, positions, columns], weight [outputs, columns] as checkpoints store it, bias [outputs, 1] or null.
    /// </summary>
    /// <param name="path">The node's path, as onnxruntime-genai names it: "/model/layers.0/mlp/up_proj".</param>
    /// <param name="x">The input.</param>
    /// <param name="weight">The matrix.</param>
    /// <param name="bias">The bias, if there is one.</param>
    public string Linear(string path, string x, RowSource weight, RowSource? bias)
    {
        string name = path.TrimStart('/').Replace('/', '.');
        string y = recipe.Layers switch
        {
            WeightFormat.Blocks(BlockFormat format) => QuantizedMatMul(path, x, Blocks($"{name}.MatMul.weight", weight, format)),
            _ => FloatMatMul(path, x, Float32($"{name}.MatMul.weight", weight, weight.Rows, weight.Columns)),
        };
        return bias is null ? y : graph.Node($"{path}/Add", OpNames.Add, [y, Float32($"{name}.Add.bias", bias, bias.Rows)]);
    }

    /// <summary>The product with a float32 matrix [outputs, columns].</summary>
    public string FloatMatMul(string path, string x, string weight, string? output = null)
    {
        string node = $"{path}/MatMul";
        output ??= $"{node}/output_0";
        graph.Node(node, OpNames.FusedMatMul, [x, weight], [output], Int("transA", 0), Int("transB", 1));
        return output;
    }

    /// <summary>The product with a block-quantised matrix. Accuracy level 4 lets the kernel round x to 8 bits, which all fast CPU kernels do.</summary>
    public string QuantizedMatMul(string path, string x, (BlocksJob Job, string Codes, string Scales) weight, string? output = null)
    {
        BlockFormat format = weight.Job.Format;
        string node = FormattableString.Invariant($"{path}/MatMul_Q{format.Bits}");
        output ??= $"{node}/output_0";
        graph.Node(
            node,
            OpNames.MatMulNBits,
            [x, weight.Codes, weight.Scales],
            [output],
            Int("K", weight.Job.Columns),
            Int("N", weight.Job.Rows),
            Int("accuracy_level", 4),
            Int("bits", format.Bits),
            Int("block_size", format.BlockSize));
        return output;
    }
}
