using System.Runtime.InteropServices;
using Google.Protobuf;
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
/// Weights in blocks against the same weights dequantised: what is left is what the kernels round, activations to 8 bits a block. (Against the original
/// weights the rounding of random numbers to 4 bits would hide every mistake.)
/// </summary>
public sealed class BlockWeightsTests
{
    private const double ProductTolerance = 1e-2;
    private const double LogitsTolerance = 3e-2;

    /// <summary>
    /// Four layers, soft-caps, or a rotation that sharpens attention, add up a little more of the same rounding (0.030 to 0.034): each product alone is within its
    /// tolerance.
    /// </summary>
    private const double DeeperTolerance = 4e-2;

    private static readonly string[] s_deeper = ["gemma2", "gemma3", "phi3_longrope", "phi4_partial", "seed_oss", "smollm3"];

    /// <summary>Activations share a scale over as many numbers as weights do.</summary>
    private const double GreaterBlocksTolerance = 4.5e-2;

    /// <summary>
    /// 8 bits against the original weights. Each product's weights are rounded by half a percent, which layers of random numbers amplify: computed in float32,
    /// too, the rounded weights' logits are 0.01 to 0.04 off.
    /// </summary>
    private const double Int8Tolerance = 6e-2;

    /// <summary>Of products in float32.</summary>
    private const double ExactTolerance = 1e-4;

    private const int Positions = 7;

    /// <summary>Models by recipes. The tied model's rows have 64 weights, the odd one's are no multiple of 32.</summary>
    public static TheoryData<string, string> Products { get; } = new(
        from name in new[] { "llama_gqa", "llama_tied", "llama_odd", "llama_bias", "phi3_longrope", "phi4_partial", "smollm3" }
        from recipe in new[] { "int4", "int4-asym", "int8", "int4-b64", "int4-asym-b128", "int8-b256" }
        select (name, recipe));

    /// <summary>All models at the two widths; the Llamas, whose shapes are the most various, in every form.</summary>
    public static TheoryData<string, string> Models { get; } = new(
        from name in Goldens.Dense.Select(row => row.Data)
        from recipe in IsLlama(name) ? new[] { "int4", "int4-asym", "int8", "int4-b64", "int4-asym-b128", "int8-b256" } : ["int4", "int8"]
        select (name, recipe));

    /// <summary>The Llamas in every form of blocks.</summary>
    public static TheoryData<string, string> Exact { get; } = new(Models.Select(row => row.Data).Where(model => IsLlama(model.Item1)));

    [Theory]
    [MemberData(nameof(Products))]
    public void MatMulNBits_EachOfAModel_MultipliesByTheDequantisedWeights(string name, string recipe)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        using TemporaryFolder folder = new();
        ModelData model = new(Converted.Write(source, folder["model"], Recipes.Of(recipe)));
        NodeProto[] nodes = [.. model.Graph.Node.Where(node => node.OpType == OpNames.MatMulNBits.Type)];
        _ = LanguageModel.RuntimeVersion; // the host makes ONNX Runtime's environment, with telemetry off

        // q, k and v in one, o, gate, up, down of each layer, and the head.
        int layers = model.Graph.Node.Count(node => node.OpType == OpNames.GroupQueryAttention.Type);
        Assert.Equal((5 * layers) + 1, nodes.Length);
        foreach (NodeProto node in nodes) Assert.InRange(ProductError(model, node), 0, ProductTolerance);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_OfAModel_AreThoseOfTheDequantisedWeights(string name, string recipe)
    {
        PrecisionRecipe precision = Recipes.Of(recipe);
        string source = SharedFolder.Require($"goldens/models/{name}");
        Dictionary<string, ReferenceTensor> reference = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"));
        int[] ids = reference["ids"].Ids();
        using TemporaryFolder folder = new();
        DequantizedCheckpoint.Write(source, folder["dequantised"], precision);

        float[] found = Logits.Of(Converted.Write(source, folder["blocks"], precision), ids);
        float[] expected = Logits.Of(Converted.Write(folder["dequantised"], folder["fp32"], PrecisionRecipe.Fp32), ids);

        double error = Logits.RelativeRms(expected, found), whole = Logits.RelativeRms(reference["logits"].Floats(), found);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{name} {recipe}: relative rms {error:G3}, of the original weights {whole:G3}; greatest difference {Logits.GreatestDifferenceInStd(expected, found):G3} std"));
        Assert.InRange(error, 0, Tolerance(name, precision));
        if (precision.Option == "int8") Assert.InRange(whole, 0, Int8Tolerance);
    }

    /// <summary>With activations in float32 nothing is left to round: the codes, scales and zero points of every matrix and of the embedding are the quantiser's.</summary>
    [Theory]
    [MemberData(nameof(Exact))]
    public void Logits_OfExactProducts_AreExactlyThoseOfTheDequantisedWeights(string name, string recipe)
    {
        string source = SharedFolder.Require($"goldens/models/{name}");
        int[] ids = ReferenceTensors.Read(Path.Combine(source, "reference.safetensors"))["ids"].Ids();
        using TemporaryFolder folder = new();
        DequantizedCheckpoint.Write(source, folder["dequantised"], Recipes.Of(recipe));

        string model = Converted.Write(source, folder["blocks"], Recipes.Of(recipe));
        ComputeInFloat32(Path.Combine(model, GraphTarget.Cpu.File));
        float[] expected = Logits.Of(Converted.Write(folder["dequantised"], folder["fp32"], PrecisionRecipe.Fp32), ids);

        Assert.InRange(Logits.GreatestDifferenceInStd(expected, Logits.Of(model, ids)), 0, ExactTolerance);
    }

    private static double Tolerance(string name, PrecisionRecipe recipe)
    {
        if (recipe.Block is not null) return GreaterBlocksTolerance;
        return recipe.Option != "int4" || s_deeper.Contains(name) ? DeeperTolerance : LogitsTolerance;
    }

    private static void ComputeInFloat32(string file)
    {
        ModelProto model = OnnxModel.Read(file).Proto;
        foreach (AttributeProto level in model.Graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.Name == "accuracy_level")) level.I = 1;
        File.WriteAllBytes(file, model.ToByteArray());
    }

    private static bool IsLlama(string name) => name.StartsWith("llama_", StringComparison.Ordinal);

    /// <summary>The relative rms of one node's output, run alone in ONNX Runtime, against the product in float64.</summary>
    private static double ProductError(ModelData model, NodeProto node)
    {
        int columns = ModelData.Int(node, "K"), rows = ModelData.Int(node, "N");
        BlockFormat format = new(ModelData.Int(node, "bits"), ModelData.Int(node, "block_size"), isSymmetric: node.Input.Count == 3);
        byte[] codes = model.Bytes(node.Input[1]);
        float[] scales = model.Floats(node.Input[2]);
        byte[] zeroPoints = format.IsSymmetric ? [] : model.Bytes(node.Input[3]);
        float[] weights = new float[rows * columns];
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, weights, zeroPoints);
        Random random = new(columns);
        float[] x = [.. Enumerable.Range(0, Positions * columns).Select(_ => (random.NextSingle() * 2) - 1)];

        double[] expected = new double[Positions * rows];
        for (int i = 0; i < expected.Length; i++)
        {
            (int position, int row) = Math.DivRem(i, rows);
            for (int k = 0; k < columns; k++) expected[i] += (double)x[(position * columns) + k] * weights[(row * columns) + k];
        }

        return Logits.RelativeRms(expected, Array.ConvertAll(Run(OneNode(format, rows, columns, codes, scales, zeroPoints), x, columns), value => (double)value));
    }

    private static byte[] OneNode(BlockFormat format, int rows, int columns, byte[] codes, float[] scales, byte[] zeroPoints)
    {
        GraphBuilder graph = new("product");
        string x = graph.Input("x", ElementType.Float, Positions, columns);
        string b = graph.Initializer("b", ElementType.UInt8, [rows, format.RowScales(columns), format.BlockBytes], codes);
        string scale = graph.Initializer("scales", ElementType.Float, [rows, format.RowScales(columns)], MemoryMarshal.AsBytes<float>(scales));
        string[] inputs = [x, b, scale];
        if (!format.IsSymmetric) inputs = [.. inputs, graph.Initializer("zeros", ElementType.UInt8, [rows, format.RowZeroPointBytes(columns)], zeroPoints)];
        graph.Node(
            "product", OpNames.MatMulNBits, inputs, ["y"],
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
