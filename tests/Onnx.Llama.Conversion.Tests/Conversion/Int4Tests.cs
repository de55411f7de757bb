using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Conversion.Tests.Targets;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Quantization;
using Onnx.Llama.Testing;
using static Onnx.Llama.Graph.NodeAttribute;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>
/// int4 against the same weights dequantised: what is left is what the kernels round, activations to 8 bits a block. (Against the original weights the
/// rounding of random numbers to 4 bits would hide every mistake.)
/// </summary>
public sealed class Int4Tests
{
    private const double ProductTolerance = 1e-2;
    private const double LogitsTolerance = 3e-2;

    /// <summary>Four layers, or a rotation that sharpens attention, add up a little more of the same rounding: each product alone is within its tolerance.</summary>
    private const double DeeperTolerance = 3.5e-2;
    private const int Positions = 7;

    [Theory]
    [InlineData("llama_gqa")]
    [InlineData("llama_tied")]
    [InlineData("llama_odd")]
    [InlineData("llama_bias")]
    [InlineData("phi3_longrope")]
    [InlineData("phi4_partial")]
    [InlineData("smollm3")]
    public void MatMulNBits_EachOfAModel_MultipliesByTheDequantisedWeights(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        using TemporaryFolder folder = new();
        ModelData model = new(Converted.Write(source, folder["model"], PrecisionRecipe.Int4));
        NodeProto[] nodes = [.. model.Graph.Node.Where(node => node.OpType == OpNames.MatMulNBits.Type)];
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off

        // q, k and v in one, o, gate, up, down of each layer, and the head.
        int layers = model.Graph.Node.Count(node => node.OpType == OpNames.GroupQueryAttention.Type);
        Assert.Equal((5 * layers) + 1, nodes.Length);
        foreach (NodeProto node in nodes) Assert.InRange(ProductError(model, node), 0, ProductTolerance);
    }

    [Theory]
    [MemberData(nameof(Goldens.Dense), MemberType = typeof(Goldens))]
    public void Logits_OfAModel_AreThoseOfTheDequantisedWeights(string name)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        int[] ids = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"))["ids"].Ids();
        using TemporaryFolder folder = new();
        DequantizedCheckpoint.Write(source, folder["dequantised"], PrecisionRecipe.Int4);

        float[] found = Logits.Of(Converted.Write(source, folder["int4"], PrecisionRecipe.Int4), ids);
        float[] expected = Logits.Of(Converted.Write(folder["dequantised"], folder["fp32"], PrecisionRecipe.Fp32), ids);

        double error = Logits.RelativeRms(Array.ConvertAll(expected, value => (double)value), Array.ConvertAll(found, value => (double)value));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{name}: relative rms {error:G3}"));
        Assert.InRange(error, 0, name is "phi3_longrope" or "phi4_partial" or "smollm3" ? DeeperTolerance : LogitsTolerance);
    }

    /// <summary>The relative rms of one node's output, run alone in ONNX Runtime, against the product in float64.</summary>
    private static double ProductError(ModelData model, NodeProto node)
    {
        int columns = ModelData.Int(node, "K"), rows = ModelData.Int(node, "N");
        BlockFormat format = new(ModelData.Int(node, "bits"), ModelData.Int(node, "block_size"));
        byte[] codes = model.Bytes(node.Input[1]);
        float[] scales = model.Floats(node.Input[2]);
        float[] weights = new float[rows * columns];
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, weights);
        Random random = new(columns);
        float[] x = [.. Enumerable.Range(0, Positions * columns).Select(_ => (random.NextSingle() * 2) - 1)];

        double[] expected = new double[Positions * rows];
        for (int i = 0; i < expected.Length; i++)
        {
            (int position, int row) = Math.DivRem(i, rows);
            for (int k = 0; k < columns; k++) expected[i] += (double)x[(position * columns) + k] * weights[(row * columns) + k];
        }

        return Logits.RelativeRms(expected, Array.ConvertAll(Run(OneNode(format, rows, columns, codes, scales), x, columns), value => (double)value));
    }

    private static byte[] OneNode(BlockFormat format, int rows, int columns, byte[] codes, float[] scales)
    {
        GraphBuilder graph = new("product");
        string x = graph.Input("x", ElementType.Float, Positions, columns);
        string b = graph.Initializer("b", ElementType.UInt8, [rows, format.RowScales(columns), format.BlockBytes], codes);
        string scale = graph.Initializer("scales", ElementType.Float, [rows, format.RowScales(columns)], MemoryMarshal.AsBytes<float>(scales));
        graph.Node(
            "product", OpNames.MatMulNBits, [x, b, scale], ["y"],
            Int("K", columns), Int("N", rows), Int("accuracy_level", 4), Int("bits", format.Bits), Int("block_size", format.BlockSize));
        graph.Output("y", ElementType.Float, Positions, rows);
        return graph.Build(21, 10, "test").ToBytes();
    }

    private static float[] Run(byte[] model, float[] x, int columns)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(model, options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [Positions, columns]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["x"], [input], ["y"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
