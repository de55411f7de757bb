using System.Buffers.Binary;
using System.Text;

namespace Onnx.Llama.Testing;

/// <summary>
/// SmolLM2-135M-Instruct, a trained Llama, from a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): its blocks are dequantised and written as
/// a Hugging Face checkpoint in float32. Reads what that one file has: F32, Q4_1 and Q8_0.
/// </summary>
public static class SmolLm2
{
    private const string Folder = "models/smollm2-135m-instruct";
    private const int Block = 32;

    private static readonly ReferenceConfig s_config = new()
    {
        HiddenSize = 576,
        IntermediateSize = 1536,
        Layers = 30,
        Heads = 9,
        KvHeads = 3,
        VocabSize = 49152,
        MaxPositions = 8192,
        HeadDim = 64,
        RmsNormEps = 1e-5f,
        Rope = new ReferenceRopeConfig { Theta = 100000 },
        TiedHead = true,
    };

    /// <summary>The path of a file beside the checkpoint; skips the test where the folder is absent.</summary>
    public static string Path(string file) => SharedFolder.Require($"{Folder}/{file}");

    /// <summary>Writes config.json, model.safetensors and the tokenizer into a folder, which is created. Skips the test where the file is absent.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        byte[] file = File.ReadAllBytes(Path("SmolLM2-135M-Instruct.Q4_1.gguf"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(System.IO.Path.Combine(folder, "config.json"), s_config.ToJson("float32"));
        StoredTensors.WriteFolder(folder, new Reader(file).Tensors(), StoredFloat.F32, shards: 1);
        foreach (string path in Directory.EnumerateFiles(Path("tokenizer"))) File.Copy(path, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(path)));
        return folder;
    }

    private static string HuggingFaceName(string name) => name switch
    {
        "token_embd.weight" => "model.embed_tokens.weight",
        "output_norm.weight" => "model.norm.weight",
        _ => "model.layers." + name["blk.".Length..]
            .Replace("attn_norm", "input_layernorm", StringComparison.Ordinal)
            .Replace("ffn_norm", "post_attention_layernorm", StringComparison.Ordinal)
            .Replace("attn_output", "self_attn.o_proj", StringComparison.Ordinal)
            .Replace("attn_q", "self_attn.q_proj", StringComparison.Ordinal)
            .Replace("attn_k", "self_attn.k_proj", StringComparison.Ordinal)
            .Replace("attn_v", "self_attn.v_proj", StringComparison.Ordinal)
            .Replace("ffn_", "mlp.", StringComparison.Ordinal)
            .Replace("mlp.gate", "mlp.gate_proj", StringComparison.Ordinal)
            .Replace("mlp.up", "mlp.up_proj", StringComparison.Ordinal)
            .Replace("mlp.down", "mlp.down_proj", StringComparison.Ordinal),
    };

    private sealed class Reader(byte[] file)
    {
        private const int F32 = 0;
        private const int Q41 = 3;
        private const int Q80 = 8;
        private const int Alignment = 32;

        private int _at = 8;

        public List<StoredTensor> Tensors()
        {
            long tensors = Long();
            long pairs = Long();
            for (long i = 0; i < pairs; i++)
            {
                _ = Text();
                Skip(Int());
            }

            List<(string Name, int[] Shape, int Type, long Offset)> found = [];
            for (long i = 0; i < tensors; i++) found.Add((Text(), Shape(), Int(), Long()));
            int start = (_at + Alignment - 1) / Alignment * Alignment;
            return [.. found.Select(tensor => Tensor(tensor.Name, tensor.Shape, tensor.Type, file.AsSpan(start + (int)tensor.Offset)))];
        }

        private static StoredTensor Tensor(string name, int[] shape, int type, ReadOnlySpan<byte> bytes)
        {
            float[] values = Values(type, shape.Aggregate(static (a, b) => a * b), bytes);
            bool rotated = name.Contains("attn_q.", StringComparison.Ordinal) || name.Contains("attn_k.", StringComparison.Ordinal);
            if (rotated) values = Stories260k.PairsToHalves(values, s_config.HeadDim, shape[1]);
            return new StoredTensor(HuggingFaceName(name), shape, (from, to) => values.AsSpan((int)from, to.Length).CopyTo(to));
        }

        private static float[] Values(int type, int count, ReadOnlySpan<byte> bytes)
        {
            float[] values = new float[count];
            for (int block = 0; type != F32 && block < count / Block; block++)
            {
                if (type == Q41) ReadQ41(bytes[(block * 20)..], values.AsSpan(block * Block, Block));
                else if (type == Q80) ReadQ80(bytes[(block * 34)..], values.AsSpan(block * Block, Block));
                else throw new NotSupportedException($"GGUF type {type}");
            }

            for (int i = 0; type == F32 && i < count; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
            return values;
        }

        private static void ReadQ41(ReadOnlySpan<byte> block, Span<float> values)
        {
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            float least = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
            for (int i = 0; i < Block / 2; i++)
            {
                values[i] = ((block[4 + i] & 15) * scale) + least;
                values[i + (Block / 2)] = ((block[4 + i] >> 4) * scale) + least;
            }
        }

        private static void ReadQ80(ReadOnlySpan<byte> block, Span<float> values)
        {
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            for (int i = 0; i < Block; i++) values[i] = (sbyte)block[2 + i] * scale;
        }

        private int[] Shape()
        {
            int rank = Int();
            int[] shape = [.. Enumerable.Range(0, rank).Select(_ => (int)Long())];
            Array.Reverse(shape);
            return shape;
        }

        private void Skip(int type)
        {
            const int String = 8;
            const int Array = 9;
            if (type == String)
            {
                _ = Text();
            }
            else if (type == Array)
            {
                int inner = Int();
                long count = Long();
                for (long i = 0; i < count; i++) Skip(inner);
            }
            else
            {
                _at += type switch { 0 or 1 or 7 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, _ => 8 };
            }
        }

        private string Text()
        {
            int length = (int)Long();
            _at += length;
            return Encoding.UTF8.GetString(file, _at - length, length);
        }

        private int Int()
        {
            _at += 4;
            return BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(_at - 4));
        }

        private long Long()
        {
            _at += 8;
            return BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(_at - 8));
        }
    }
}
