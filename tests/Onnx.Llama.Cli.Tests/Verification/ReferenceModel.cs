using System.Runtime.InteropServices;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>A seeded model, converted at fp32 and open, with a reference file of the plain forward pass that it agrees with.</summary>
public sealed class ReferenceModel : IDisposable
{
    private const int GreedyLength = 8;
    private readonly TemporaryFolder _folder = new();

    public ReferenceModel()
    {
        string source = TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default);
        Folder = GoldenModels.Convert(source, _folder["model"]);
        Model = GoldenModels.Open(Folder);
        ReferenceLlama reference = ReferenceLlama.Load(source);
        int[] ids = [.. Enumerable.Range(0, 12).Select(i => (i * 37 + 5) % Vocabulary)];
        int[] longIds = [.. Enumerable.Range(0, 40).Select(i => (i * 53 + 1) % Vocabulary)];
        ReferenceFile = _folder["reference.safetensors"];
        new SafetensorsWriter()
            .Add("ids", Checkpoints.DType.I64, [ids.Length], Ids(ids).Bytes)
            .Add("logits", [ids.Length, Vocabulary], reference.Forward(ids).Logits)
            .Add("greedy", Checkpoints.DType.I64, [GreedyLength], Ids(Greedy(reference, ids)).Bytes)
            .Add("long_ids", Checkpoints.DType.I64, [longIds.Length], Ids(longIds).Bytes)
            .Add("long_logits", [4, Vocabulary], reference.Forward(longIds, logitRows: 4).Logits)
            .Save(ReferenceFile);
    }

    public string Folder { get; }

    public LanguageModel Model { get; }

    public string ReferenceFile { get; }

    public static int Vocabulary => TinyCheckpoint.Default.VocabSize;

    /// <summary>The reference file with some tensors changed or left out.</summary>
    public string Rewritten(params (string Name, ReferenceTensor? Tensor)[] changes) =>
        GoldenModels.Rewrite(ReferenceFile, _folder[Guid.NewGuid().ToString("N")], changes);

    /// <summary>A tensor of the reference file.</summary>
    public ReferenceTensor this[string name] => ReferenceTensors.Read(ReferenceFile)[name];

    public static ReferenceTensor Ids(params int[] ids) =>
        new("I64", [ids.Length], MemoryMarshal.AsBytes<long>(Array.ConvertAll(ids, id => (long)id)).ToArray());

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }

    private static int[] Greedy(ReferenceLlama reference, int[] ids)
    {
        List<int> text = [.. ids];
        for (int i = 0; i < GreedyLength; i++)
        {
            float[] logits = reference.Forward([.. text], logitRows: 1).Logits;
            text.Add(Array.IndexOf(logits, logits.Max()));
        }

        return [.. text[ids.Length..]];
    }
}
