using Onnx.Llama.Graph;
using Onnx.Llama.Kernels.Operators;
using Onnx.Llama.Kernels.Products;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Tests.Products;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>An embedding and a head of the same bytes, ids in and logits out.</summary>
public sealed class EmbeddingRewriteTests
{
    private const int Vocabulary = 70;

    /// <summary>Blocks of a row even and odd; zero points of the format written out for the embedding alone, for both, or for none.</summary>
    [Theory]
    [InlineData(4, 64, false, "written")]
    [InlineData(4, 96, false, "written")]
    [InlineData(4, 96, false, "written, with a rest")]
    [InlineData(4, 96, true, "same")]
    [InlineData(4, 128, true, "same")]
    [InlineData(4, 96, true, "copy")]
    [InlineData(8, 96, false, "written")]
    [InlineData(8, 96, true, "same")]
    public void Prepare_TiedEmbedding_ReadsTheHeadsWeights(int bits, int k, bool asymmetric, string zeroPoints)
    {
        using Tied tied = new(bits, k, asymmetric, zeroPoints);
        (float[][] stock, float[][] ours) = tied.Run(out KernelReport report);
        Assert.Equal(1, report.Kernels[QuantGatherOperator.OperatorName]);
        Assert.Equal(1, report.Kernels[QuantProductOperator.OperatorName]);
        Assert.Empty(report.Stock);
        Difference.None(stock[0], ours[0]);
        Difference.Near(stock[1], ours[1], 1e-2);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("input")]
    [InlineData("scales")]
    [InlineData("int32")]
    public void Prepare_SomethingElse_KeepsTheEmbedding(string difference)
    {
        using Tied tied = new(4, 64, asymmetric: false, difference is "other" or "input" ? difference : "written", difference);
        (float[][] stock, float[][] ours) = tied.Run(out KernelReport report);
        Assert.DoesNotContain(QuantGatherOperator.OperatorName, report.Kernels.Keys);
        Assert.Equal(1, report.Stock["GatherBlockQuantized"]);
        Difference.None(stock[0], ours[0]);
        Difference.Near(stock[1], ours[1], 1e-2);
    }

    private sealed class Tied : IDisposable
    {
        private readonly SmallModel _model = new();
        private readonly RandomMatrix _matrix;
        private readonly bool _ids32;

        public Tied(int bits, int k, bool asymmetric, string zeroPoints, string difference = "")
        {
            Random random = new(bits + k);
            _ids32 = difference == "int32";
            _matrix = new RandomMatrix(new QuantFormat(bits, 32, asymmetric), Vocabulary, k, random);
            GraphBuilder graph = _model.Graph;
            string[] names = _model.Matrix("head", _matrix);
            long rowBytes = k * bits / 8;
            ExternalRange codes = _model.Put(_matrix.Codes);
            string table = graph.External("table", ElementType.UInt8, [Vocabulary, rowBytes], SmallModel.DataName, codes);
            string scales = difference == "scales" ? _model.Floats("table.scales", [Vocabulary, k / 32], _matrix.Scales) : names[1];
            string points = ZeroPoints(zeroPoints, names);
            string ids = graph.Input("ids", _ids32 ? ElementType.Int32 : ElementType.Int64, "rows", "tokens");
            string embedded = graph.Node(
                "embed",
                OpNames.GatherBlockQuantized,
                [table, ids, scales, points],
                NodeAttribute.Int("bits", bits),
                NodeAttribute.Int("block_size", 32),
                NodeAttribute.Int("gather_axis", 0),
                NodeAttribute.Int("quantize_axis", 1));
            graph.Output(embedded, ElementType.Float);

            // The head's codes are the table's bytes, under another name and shape.
            string head = graph.External("head.shared", ElementType.UInt8, [Vocabulary, k / 32, 32 * bits / 8], SmallModel.DataName, codes);
            graph.Output(_model.Product("head", embedded, _matrix, [head, .. names[1..]]), ElementType.Float);
        }

        public (float[][] Stock, float[][] Ours) Run(out KernelReport report)
        {
            long[] ids = [0, 69, 5, -1, 33, 5];
            using Feed feed = _ids32 ? new Feed().With("ids", Array.ConvertAll(ids, id => (int)id), 2, 3) : new Feed().With("ids", ids, 2, 3);
            string file = _model.Save();
            return (ModelRun.Stock(file, feed), ModelRun.Kernels(file, feed, out report));
        }

        public void Dispose()
        {
            _model.Dispose();
            _matrix.Dispose();
        }

        private string ZeroPoints(string kind, string[] names)
        {
            QuantFormat format = _matrix.Stored.Format;
            int rowBytes = ((_matrix.Stored.K / 32 * format.Bits) + 7) / 8;
            if (kind == "same") return names[2];
            byte[] points = kind == "copy"
                ? _matrix.ZeroPoints.ToArray()
                : [.. Enumerable.Repeat((byte)(format.Bits == 4 ? 0x88 : 0x80), Vocabulary * rowBytes)];
            if (kind == "written, with a rest") points[rowBytes - 1] = 0x38;
            if (kind == "other") points[3] = 0x87;
            string name = _model.Weight<byte>("table.zero_points", ElementType.UInt8, [Vocabulary, rowBytes], points);
            return kind == "input" ? _model.Graph.Node("identity", new OperatorName("", "Identity"), [name]) : name;
        }
    }
}
