using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Onnx.Llama.Testing;

/// <summary>
/// The trained tiny model of github.com/karpathy/llama2.c (MIT), which tells stories: reads its legacy file (seven int32 sizes, then float32 tensors in a fixed
/// order, each of all layers together) and writes a Hugging Face checkpoint.
/// </summary>
public static class Stories260k
{
    private const int HeaderLength = 28;

    /// <summary>
    /// Writes config.json and model.safetensors (float32) into a folder, which is created. Skips the test where the file beside the checkout is absent.
    /// </summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        byte[] file = File.ReadAllBytes(SharedFolder.Require("models/stories260k/checkpoint_legacy.bin"));
        ReferenceConfig config = ReadConfig(file);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJson("float32"));
        StoredTensors.WriteFolder(folder, ReadTensors(file, config), StoredFloat.F32, shards: 1);
        return folder;
    }

    /// <summary>The known greedy text: the beginning-of-text id and the 256 that follow.</summary>
    public static int[] ExpectedIds()
    {
        string file = SharedFolder.Require("models/stories260k/expected-greedy-256-ids.txt");
        string line = File.ReadLines(file).Single(static line => line.StartsWith("ids [", StringComparison.Ordinal));
        return [.. line[5..^1].Split(", ").Select(int.Parse)];
    }

    private static ReferenceConfig ReadConfig(byte[] file)
    {
        int[] sizes = [.. Enumerable.Range(0, 7).Select(i => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4 * i)))];
        return new ReferenceConfig
        {
            HiddenSize = sizes[0],
            IntermediateSize = sizes[1],
            Layers = sizes[2],
            Heads = sizes[3],
            KvHeads = sizes[4],
            VocabSize = sizes[5], // positive: the head is the embedding
            MaxPositions = sizes[6],
            HeadDim = sizes[0] / sizes[3],
            RmsNormEps = 1e-5f,
            TiedHead = true,
        };
    }

    private static List<StoredTensor> ReadTensors(byte[] file, ReferenceConfig config)
    {
        float[] numbers = MemoryMarshal.Cast<byte, float>(file.AsSpan(HeaderLength)).ToArray();
        int hidden = config.HiddenSize, wide = config.IntermediateSize, keys = config.KvHeads * config.HeadDim, at = 0;
        List<StoredTensor> tensors = [];
        Take("model.embed_tokens.weight", config.VocabSize, hidden);
        TakeLayers("input_layernorm.weight", hidden);
        TakeLayers("self_attn.q_proj.weight", hidden, hidden);
        TakeLayers("self_attn.k_proj.weight", keys, hidden);
        TakeLayers("self_attn.v_proj.weight", keys, hidden);
        TakeLayers("self_attn.o_proj.weight", hidden, hidden);
        TakeLayers("post_attention_layernorm.weight", hidden);
        TakeLayers("mlp.gate_proj.weight", wide, hidden);
        TakeLayers("mlp.down_proj.weight", hidden, wide);
        TakeLayers("mlp.up_proj.weight", wide, hidden);
        Take("model.norm.weight", hidden);
        return tensors;

        void TakeLayers(string name, params int[] shape)
        {
            for (int layer = 0; layer < config.Layers; layer++) Take($"model.layers.{layer}.{name}", shape);
        }

        void Take(string name, params int[] shape)
        {
            float[] values = numbers.AsSpan(at, shape.Aggregate(static (a, b) => a * b)).ToArray();
            at += values.Length;
            bool rotated = name.EndsWith("q_proj.weight", StringComparison.Ordinal) || name.EndsWith("k_proj.weight", StringComparison.Ordinal);
            if (rotated) values = PairsToHalves(values, config.HeadDim, hidden);
            tensors.Add(new(name, shape, (start, piece) => values.AsSpan((int)start, piece.Length).CopyTo(piece)));
        }
    }

    /// <summary>llama2.c, and llama.cpp, rotate rows 2i and 2i + 1 of a head together, Hugging Face rows i and i + dim / 2: moves the rows.</summary>
    internal static float[] PairsToHalves(float[] values, int headDim, int columns)
    {
        float[] moved = new float[values.Length];
        for (int row = 0; row < values.Length / columns; row++)
        {
            int head = row / headDim * headDim, i = row - head;
            int source = i < headDim / 2 ? head + (2 * i) : head + (2 * (i - (headDim / 2))) + 1;
            values.AsSpan(source * columns, columns).CopyTo(moved.AsSpan(row * columns));
        }

        return moved;
    }
}
