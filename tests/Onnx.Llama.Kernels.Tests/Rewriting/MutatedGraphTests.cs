using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;

namespace Onnx.Llama.Kernels.Tests.Rewriting;

/// <summary>Graphs that are wrong somewhere: whatever it is, it is refused or left stock, by exceptions that callers expect.</summary>
public sealed class MutatedGraphTests
{
    private const int Mutations = 400;

    [Fact]
    public void Prepare_MutatedGraphs_FailAsTheyShouldOrRun()
    {
        using TinyDecoder decoder = new();
        byte[] original = OnnxModel.Read(decoder.Model.Save()).ToBytes();
        using Feed feed = TinyDecoder.Prompt();
        int prepared = 0;
        for (int seed = 0; seed < Mutations; seed++)
        {
            Random random = new(seed);
            OnnxModel model = OnnxModel.Parse(original, "original");
            string mutation = Mutate(model.Proto.Graph, random);
            File.WriteAllBytes(decoder.Model.File, model.ToBytes());
            try
            {
                using KernelGraph? graph = KernelGraph.Prepare(decoder.Model.File, cache: null, cancellationToken: TestContext.Current.CancellationToken);
                if (graph is null) continue;
                prepared++;
                using SessionOptions options = ModelRun.Options();
                using InferenceSession session = graph.Open(options);
                ModelRun.Run(session, feed);
            }
            catch (Exception fault) when (fault is KernelException or GraphException or OnnxRuntimeException)
            {
                Assert.NotEmpty(fault.Message);
            }
            catch (Exception fault)
            {
                Assert.Fail($"mutation {seed}, {mutation}: {fault}");
            }
        }

        Assert.InRange(prepared, Mutations / 2, Mutations);
    }

    /// <summary>Changes one thing; what it is.</summary>
    private static string Mutate(GraphProto graph, Random random)
    {
        NodeProto node = graph.Node[random.Next(graph.Node.Count)];
        TensorProto tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
        switch (random.Next(9))
        {
            case 0:
                int lost = random.Next(node.Input.Count);
                while (node.Input.Count > lost) node.Input.RemoveAt(node.Input.Count - 1);
                return $"{node.Name} has {lost} inputs";
            case 1:
                node.Input[random.Next(node.Input.Count)] = "";
                return $"{node.Name} lacks an input";
            case 2:
                node.Output.RemoveAt(node.Output.Count - 1);
                return $"{node.Name} lacks an output";
            case 3:
                if (node.Attribute.Count > 0) node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                return $"{node.Name} lacks an attribute";
            case 4:
                if (node.Attribute.Count > 0) node.Attribute[random.Next(node.Attribute.Count)].I = random.NextInt64(-2, 300);
                return $"{node.Name} has another number";
            case 5:
                tensor.DataType = random.Next(18);
                return $"{tensor.Name} has type {tensor.DataType}";
            case 6:
                if (tensor.Dims.Count > 0) tensor.Dims[random.Next(tensor.Dims.Count)] = random.NextInt64(-1, 200);
                return $"{tensor.Name} has another shape";
            case 7:
                node.Input[random.Next(node.Input.Count)] = tensor.Name;
                return $"{node.Name} takes {tensor.Name}";
            default:
                graph.Initializer.Remove(tensor);
                return $"{tensor.Name} is gone";
        }
    }
}
