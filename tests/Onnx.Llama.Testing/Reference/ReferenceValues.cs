using System.Runtime.InteropServices;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Testing;

/// <summary>Writes a reference file as <c>onnx-llama verify</c> reads it, with the values of the plain forward pass.</summary>
public static class ReferenceValues
{
    private const int IdCount = 12;
    private const int GreedyCount = 8;
    private const int LongIdCount = 40;
    private const int LongRows = 4;

    /// <summary>Writes the values of a checkpoint's folder for ids of a fixed sequence.</summary>
    /// <returns>The file.</returns>
    public static string Write(string source, string file)
    {
        ReferenceLlama model = ReferenceLlama.Load(source);
        int vocabulary = ReferenceConfig.Parse(File.ReadAllText(Path.Combine(source, "config.json"))).VocabSize;
        int[] ids = [.. Enumerable.Range(0, IdCount).Select(i => ((i * 37) + 5) % vocabulary)];
        int[] longIds = [.. Enumerable.Range(0, LongIdCount).Select(i => ((i * 53) + 1) % vocabulary)];
        new SafetensorsWriter()
            .Add("ids", DType.I64, [ids.Length], Bytes(ids))
            .Add("logits", [ids.Length, vocabulary], model.Forward(ids).Logits)
            .Add("greedy", DType.I64, [GreedyCount], Bytes(Greedy(model, ids)))
            .Add("long_ids", DType.I64, [longIds.Length], Bytes(longIds))
            .Add("long_logits", [LongRows, vocabulary], model.Forward(longIds, logitRows: LongRows).Logits)
            .Save(file);
        return file;
    }

    private static int[] Greedy(ReferenceLlama model, int[] ids)
    {
        List<int> text = [.. ids];
        for (int i = 0; i < GreedyCount; i++)
        {
            float[] logits = model.Forward([.. text], logitRows: 1).Logits;
            text.Add(Array.IndexOf(logits, logits.Max()));
        }

        return [.. text[ids.Length..]];
    }

    private static byte[] Bytes(int[] ids) => MemoryMarshal.AsBytes<long>(Array.ConvertAll(ids, id => (long)id)).ToArray();
}
