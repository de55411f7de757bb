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
    private readonly GraphScope _scope;
    private readonly Table _embedding;

    /// <summary>Plans the embedding's table, first in the data file.</summary>
    public EmbeddingBlock(GraphScope scope)
    {
        _scope = scope;
        DecoderSpec spec = scope.Spec;
        _embedding = Plan(WeightNames.Embedding);
        if (spec.TiedHead && scope.Weights.Has(WeightNames.Head)) RefuseDifferentHead();
    }

    /// <summary>
    /// <code>
    /// input_ids ─> Gather                                                      (float32)
    /// input_ids ─> GatherBlockQuantized [─> Slice, where blocks exceed the row]  (blocks)
    /// </code>
    /// </summary>
    /// <param name="ids">[rows, positions].</param>
    /// <returns>[rows, positions, hidden].</returns>
    public string EmitGather(string ids)
    {
        GraphBuilder graph = _scope.Graph;
        if (_embedding.Blocks is not { } blocks)
        {
            return graph.Node($"{Path}/Gather", OpNames.Gather, [_embedding.Weight!, ids], Int("axis", 0));
        }

        BlockFormat format = blocks.Job.Format;
        int rowBytes = format.RowBytes(_scope.Spec.Hidden);
        string rows = graph.Node(
            $"{Path}/GatherBlockQuantized",
            OpNames.GatherBlockQuantized,
            [
                _scope.Alias($"{WeightNames.Embedding}_rows", ElementType.UInt8, blocks.Job.Codes, _scope.Spec.Vocabulary, rowBytes),
                ids,
                blocks.Scales,
                ZeroPoints(format),
            ],
            Int("bits", format.Bits),
            Int("block_size", format.BlockSize),
            Int("gather_axis", 0),
            Int("quantize_axis", 1));
        return rowBytes * 8 / format.Bits == _scope.Spec.Hidden ? rows : CutRow(rows);
    }

    /// <summary>
    /// <code>
    /// x ─> Slice from logits_from on ─> lm_head ─> logits
    /// </code>
    /// logits_from is an input with the default 0, all positions; -1 asks for the last position only.
    /// </summary>
    /// <param name="x">[rows, positions, hidden].</param>
    public void EmitHead(string x)
    {
        GraphBuilder graph = _scope.Graph;
        string chosen = graph.Node(
            "/model/logits_from/Slice",
            OpNames.Slice,
            [
                x,
                graph.OverridableInt64s(DecoderGraph.LogitsFrom, 0),
                graph.Int64s("/model/constants/INT64/[max]", long.MaxValue),
                _scope.One,
            ]);
        Table head = _scope.Spec.TiedHead ? _embedding : Plan(WeightNames.Head);
        if (head.Blocks is { } blocks) _scope.QuantizedMatMul("/lm_head", chosen, blocks, DecoderGraph.Logits);
        else _scope.FloatMatMul("/lm_head", chosen, head.Weight!, DecoderGraph.Logits);
        graph.Output(DecoderGraph.Logits, ElementType.Float, "batch_size", "logits_length", _scope.Spec.Vocabulary);
    }

    private Table Plan(string name)
    {
        DecoderSpec spec = _scope.Spec;
        RowSource rows = _scope.Weights.Matrix(name, spec.Vocabulary, spec.Hidden, "vocab_size x hidden_size");
        return _scope.Recipe.Head is WeightFormat.Blocks(BlockFormat format)
            ? new Table(null, _scope.Blocks(name, rows, format))
            : new Table(_scope.Float32(name, rows, spec.Vocabulary, spec.Hidden), null);
    }

    /// <summary>CPU and CUDA disagree about the zero point that an absent input means, so it is given.</summary>
    private string ZeroPoints(BlockFormat format)
    {
        string name = $"{WeightNames.Embedding}_zero_points";
        int bytes = format.RowZeroPointBytes(_scope.Spec.Hidden);
        return _scope.Filled(name, format.ZeroPointByte, _scope.Spec.Vocabulary, bytes);
    }

    private string CutRow(string rows)
    {
        GraphBuilder graph = _scope.Graph;
        return graph.Node(
            $"{Path}/Slice",
            OpNames.Slice,
            [
                rows,
                graph.Int64s("/model/constants/embedding_begin", 0),
                graph.Int64s("/model/constants/embedding_end", _scope.Spec.Hidden),
                graph.Int64s("/model/constants/embedding_axis", 2),
            ]);
    }

    /// <summary>Some checkpoints store a tied head all the same. Where the two differ, versions of transformers differ in which they use.</summary>
    private void RefuseDifferentHead()
    {
        DecoderSpec spec = _scope.Spec;
        RowSource embedding = _scope.Weights.Matrix(WeightNames.Embedding, spec.Vocabulary, spec.Hidden, "vocab_size x hidden_size");
        RowSource head = _scope.Weights.Matrix(WeightNames.Head, spec.Vocabulary, spec.Hidden, "vocab_size x hidden_size");
        using Scratch<float> a = new(spec.Hidden);
        using Scratch<float> b = new(spec.Hidden);
        for (int row = 0; row < spec.Vocabulary; row++)
        {
            embedding.Read(row, a.Span);
            head.Read(row, b.Span);
            if (a.Span.SequenceEqual(b.Span)) continue;
            throw new ConversionException(
                "config.json",
                FormattableString.Invariant($"tie_word_embeddings is true, but '{WeightNames.Head}' and '{WeightNames.Embedding}' differ from row {row} on; ")
                + "expected equal tensors or only one. Set tie_word_embeddings to false if the head is meant to be its own.");
        }
    }

    private sealed record Table(string? Weight, (BlocksJob Job, string Codes, string Scales)? Blocks);
}
