using System.Runtime.InteropServices;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>A seeded model, converted at fp32 and open, with a reference file of the plain forward pass that it agrees with.</summary>
public sealed class ReferenceModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReferenceModel()
    {
        string source = TinyCheckpoint.Write(_folder["source"], TinyCheckpoint.Default);
        Folder = GoldenModels.Convert(source, _folder["model"]);
        Model = GoldenModels.Open(Folder);
        ReferenceFile = ReferenceValues.Write(source, _folder["reference.safetensors"]);
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
}
