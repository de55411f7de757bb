using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Quantization;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Blocks;

/// <summary>The table that turns ids into vectors at the graph's beginning and, where it is tied, vectors into logits at its end.</summary>
internal sealed class EmbeddingBlock
{
    private const string Path = "/model/embed_tokens";

    /// <summary>Elements that are compared at a time.</summary>
    private const int ChunkElements = 1 << 20;

    private readonly GraphScope _scope;
    private readonly NamedRows _rows;
    private readonly Matrix _embedding;

    /// <summary>Plans the embedding's table, first in the data file.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="hasHead">Whether the graph gives logits.</param>
    public EmbeddingBlock(GraphScope scope, bool hasHead)
    {
        _scope = scope;
        DecoderSpec spec = scope.Spec;
        _rows = new NamedRows(WeightNames.GraphEmbedding, Stored(WeightNames.Weight(spec.Weights.Embedding)));
        _embedding = scope.Store(_rows, scope.Recipe.Head);
        if (hasHead && spec.TiedHead && scope.Weights.Has(WeightNames.Weight(WeightNames.Head))) RefuseDifferentHead();
    }

    /// <summary>
    /// <code>
    /// input_ids ─> Gather ──────────────────────────────────────────────> [Mul scale]   (numbers)
    /// input_ids ─> GatherBlockQuantized [─> Slice, where blocks exceed the row] ─^      (blocks)
    /// </code>
    /// </summary>
    /// <param name="ids">[rows, positions].</param>
    /// <returns>[rows, positions, hidden].</returns>
    public string EmitGather(string ids)
    {
        string rows = _embedding.Blocks is { } blocks ? GatherBlocks(blocks, ids) : Gather(ids);
        float scale = _scope.Spec.EmbeddingScale;
        return scale == 1 ? rows : _scope.Graph.Node($"{Path}/Mul", OpNames.Mul, [rows, _scope.Scalar(scale)]);
    }

    /// <summary>
    /// <code>
    /// x ─> Slice from logits_from on [─> Mul scale] ─> lm_head [─> Add bias] [─> Div c ─> Tanh ─> Mul c] [─> Cast] ─> logits
    /// </code>
    /// logits_from is an input with the default 0, all positions; -1 asks for the last position only.
    /// </summary>
    /// <param name="x">[rows, positions, hidden].</param>
    public void EmitHead(string x)
    {
        GraphBuilder graph = _scope.Graph;
        DecoderSpec spec = _scope.Spec;
        string y = graph.Node(
            "/model/logits_from/Slice",
            OpNames.Slice,
            [x, graph.OverridableInt64s(DecoderGraph.LogitsFrom, 0), _scope.Int64s(long.MaxValue), _scope.One]);
        if (spec.LogitScale != 1) y = graph.Node("/lm_head/scale/Mul", OpNames.Mul, [y, _scope.Scalar(spec.LogitScale)]);

        // The last node's output has the graph's name for logits.
        ElementType type = _scope.Activations == ElementType.BFloat16 ? ElementType.Float : _scope.Activations;
        List<Func<string, string?, string>> steps = [(value, output) => _scope.Product("/lm_head", value, Head(), output)];
        if (spec.HeadBias) steps.Add((value, output) => Step("/lm_head/Add", OpNames.Add, output, value, Bias()));
        if (spec.LogitSoftcap is { } cap)
        {
            steps.Add((value, output) => Step("/lm_head/softcap/Div", OpNames.Div, output, value, _scope.Scalar(cap)));
            steps.Add((value, output) => Step("/lm_head/softcap/Tanh", OpNames.Tanh, output, value));
            steps.Add((value, output) => Step("/lm_head/softcap/Mul", OpNames.Mul, output, value, _scope.Scalar(cap)));
        }

        if (type != _scope.Activations) steps.Add((value, output) => CastTo(type, output, value));
        for (int i = 0; i < steps.Count; i++) y = steps[i](y, i == steps.Count - 1 ? DecoderGraph.Logits : null);
        graph.Output(DecoderGraph.Logits, type, "batch_size", "logits_length", spec.Vocabulary);
    }

    private Matrix Head() => _scope.Spec.TiedHead
        ? _embedding
        : _scope.Store(new NamedRows(WeightNames.GraphHead, Stored(WeightNames.Weight(WeightNames.Head))), _scope.Recipe.Head);

    private string Bias() => _scope.Floats(
        WeightNames.Bias(WeightNames.Head), _scope.Weights.Vector(WeightNames.Bias(WeightNames.Head), _scope.Spec.Vocabulary, "vocab_size"), _scope.Spec.Vocabulary);

    private string Step(string node, OperatorName op, string? output, params string[] inputs)
    {
        output ??= $"{node}/output_0";
        _scope.Graph.Node(node, op, inputs, [output]);
        return output;
    }

    private string CastTo(ElementType type, string? output, string value)
    {
        const string Node = "/lm_head/Cast";
        output ??= $"{Node}/output_0";
        _scope.Graph.Node(Node, OpNames.Cast, [value], [output], Int("to", (int)type));
        return output;
    }

    private RowSource Stored(string name) => _scope.Weights.Matrix(name, _scope.Spec.Vocabulary, _scope.Spec.Hidden, "vocab_size x hidden_size");

    /// <summary>Rows are gathered as they are stored, and converted where the graph computes in another type: a few rows, not the table.</summary>
    private string Gather(string ids)
    {
        string rows = _scope.Graph.Node($"{Path}/Gather", OpNames.Gather, [_embedding.Name, ids], Int("axis", 0));
        return _scope.ToActivations(Path, rows, _embedding.Type);
    }

    private string GatherBlocks(StoredBlocks blocks, string ids)
    {
        BlockFormat format = blocks.Format;
        int rowBytes = format.RowBytes(_scope.Spec.Hidden);
        string rows = _scope.Graph.Node(
            $"{Path}/GatherBlockQuantized",
            OpNames.GatherBlockQuantized,
            [
                _scope.Alias($"{_rows.Name}_rows", ElementType.UInt8, blocks.Codes, _scope.Spec.Vocabulary, rowBytes),
                ids,
                _scope.Computable(_embedding.Scales, _embedding.Type),
                _embedding.ZeroPoints.Length > 0 ? _embedding.ZeroPoints : ImpliedZeroPoints(format),
            ],
            Int("bits", format.Bits),
            Int("block_size", format.BlockSize),
            Int("gather_axis", 0),
            Int("quantize_axis", 1));
        return rowBytes * 8 / format.Bits == _scope.Spec.Hidden ? rows : CutRow(rows);
    }

    /// <summary>CPU and CUDA disagree about the zero point that an absent input means, so it is given.</summary>
    private string ImpliedZeroPoints(BlockFormat format) => _scope.Filled(
        GraphScope.ZeroPointsName(_rows), format.ZeroPointByte, _scope.Spec.Vocabulary, format.RowZeroPointBytes(_scope.Spec.Hidden));

    private string CutRow(string rows) => _scope.Graph.Node(
        $"{Path}/Slice", OpNames.Slice, [rows, _scope.Int64s(0), _scope.Int64s(_scope.Spec.Hidden), _scope.Int64s(2)]);

    /// <summary>Some checkpoints store a tied head all the same. Where the two differ, versions of transformers differ in which they use.</summary>
    private void RefuseDifferentHead()
    {
        DecoderSpec spec = _scope.Spec;
        RowSource head = Stored(WeightNames.Weight(WeightNames.Head));
        int chunk = Math.Clamp(ChunkElements / spec.Hidden, 1, spec.Vocabulary);
        using Scratch<float> a = new(chunk * spec.Hidden);
        using Scratch<float> b = new(chunk * spec.Hidden);
        for (int first = 0; first < spec.Vocabulary; first += chunk)
        {
            int length = Math.Min(chunk, spec.Vocabulary - first) * spec.Hidden;
            _rows.Source.Read(first, a.Span[..length]);
            head.Read(first, b.Span[..length]);
            int same = a.Span[..length].CommonPrefixLength(b.Span[..length]);
            if (same == length) continue;
            int row = first + (same / spec.Hidden);
            throw new ConversionException(
                "config.json",
                FormattableString.Invariant($"tie_word_embeddings is true, but '{WeightNames.GraphHead}' and '{WeightNames.GraphEmbedding}' differ from row {row} on; ")
                + "expected equal tensors or only one. Set tie_word_embeddings to false if the head is meant to be its own.");
        }
    }
}
