using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Kernels.Forms;

namespace Onnx.Llama.Kernels.Tests.Cache;

/// <summary>A tiny decoder and a cache of its own beside it.</summary>
internal sealed class CacheModel : IDisposable
{
    private readonly TinyDecoder _decoder;

    public CacheModel(int seed = 1)
    {
        _decoder = new TinyDecoder(seed);
        File = _decoder.Model.Save();
        Cache = new KernelCache(_decoder.Model.CacheFolder);
        using Feed feed = TinyDecoder.Prompt();
        Expected = ModelRun.Kernels(File, feed, out _)[0];
    }

    public string File { get; }

    public string DataFile => _decoder.Model.DataFile;

    public KernelCache Cache { get; }

    /// <summary>What it gives when its weights are packed in memory.</summary>
    public float[] Expected { get; set; }

    /// <summary>The one entry's folder.</summary>
    public string Entry => Path.Combine(Cache.Folder, Assert.Single(Cache.List()).Key);

    /// <summary>Bytes reported as packed last time.</summary>
    public long Packed { get; private set; }

    public string this[string name] => Path.Combine(Entry, name);

    /// <summary>Prepares it with the cache, and runs it: it must give what it should; what a user is told.</summary>
    public string? Use(KernelCache? cache = null)
    {
        Packed = 0;
        using KernelGraph graph = ModelRun.Prepare(File, cache ?? Cache, progress: new Told(progress => Packed = progress.Done));
        using Feed feed = TinyDecoder.Prompt();
        using Microsoft.ML.OnnxRuntime.SessionOptions options = ModelRun.Options();
        using Microsoft.ML.OnnxRuntime.InferenceSession session = graph.Open(options);
        Difference.None(Expected, ModelRun.Run(session, feed)[0]);
        Assert.Equal(Processor.Current, graph.Report.Form);
        return graph.Note;
    }

    /// <summary>Nothing unfinished lies about.</summary>
    public void IsClean() => Assert.All(
        Directory.EnumerateFileSystemEntries(Cache.Folder), path => Assert.True(System.IO.File.Exists(Path.Combine(path, "entry.json")), path));

    public void Dispose() => _decoder.Dispose();

    /// <summary>Tells at once, on the thread that packs.</summary>
    internal sealed class Told(Action<PackingProgress> tell) : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => tell(value);
    }
}
