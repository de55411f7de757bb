using Microsoft.ML.OnnxRuntime;
using Onnx.Llama.Graph;
using Onnx.Llama.Graph.Proto;
using Onnx.Llama.Kernels.Cache;
using Onnx.Llama.Kernels.Forms;
using Onnx.Llama.Kernels.Native;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Kernels.Weights;

namespace Onnx.Llama.Kernels;

/// <summary>A model's graph with the kernels in it, ready to be opened: from the cache, or packed in memory where there is none.</summary>
public sealed class KernelGraph : IDisposable
{
    private readonly string? _path;
    private readonly string? _folder;
    private readonly byte[]? _bytes;
    private readonly NativeMemoryBlock? _memory;
    private readonly DisposableList<OrtValue> _values = new([]);
    private readonly List<string> _names = [];

    private KernelGraph(KernelReport report, string? note, string? path, string? folder = null, byte[]? bytes = null, NativeMemoryBlock? memory = null)
    {
        Report = report;
        Note = note;
        _path = path;
        _folder = folder;
        _bytes = bytes;
        _memory = memory;
    }

    /// <summary>What the kernels take over.</summary>
    public KernelReport Report { get; }

    /// <summary>What a user should know: why weights were packed in memory, or packed anew; null for nothing.</summary>
    public string? Note { get; }

    /// <summary>Prepares a graph: finds its packed weights in the cache, or packs them.</summary>
    /// <param name="file">The graph's file.</param>
    /// <param name="cache">Where packed weights are kept; null to pack in memory.</param>
    /// <param name="limit">The most bytes that the cache may have.</param>
    /// <param name="progress">Told of the packing.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    /// <returns>The graph; null where there is nothing in it for the kernels.</returns>
    /// <exception cref="KernelException">The kernels cannot run here, or the weights cannot be packed.</exception>
    /// <exception cref="GraphException">The graph cannot be read.</exception>
    public static KernelGraph? Prepare(
        string file, KernelCache? cache, long limit = KernelCache.DefaultLimit, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        InstructionSet form = Processor.Current;
        OnnxModel model = OnnxModel.Read(file);
        string? note = null;
        string? key = null;
        if (cache is not null)
        {
            key = CacheKey.Of(file, model.ToBytes(), model, form);
            if (cache.Find(key, form, out KernelReport? report, out string? fault) is { } found) return new KernelGraph(report!, note: null, found);
            if (fault is not null) note = $"the cached weights are packed anew: {fault}";
        }

        using TensorReader reader = new(file);
        if (RewrittenGraph.Create(model, reader, form) is not { } graph) return null;
        if (cache is null) return InMemory(file, graph, reader, note, progress, cancellationToken);
        try
        {
            return new KernelGraph(graph.Report, note, cache.Write(key!, file, graph, reader, limit, progress, cancellationToken));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Attributes of the first try stand in the graph already.
            RewrittenGraph again = RewrittenGraph.Create(OnnxModel.Read(file), reader, form)!;
            return InMemory(file, again, reader, $"weights are packed in memory each time, since the cache cannot be written: {fault.Message}", progress, cancellationToken);
        }
    }

    /// <summary>What the kernels would take over in a graph; null for nothing. Packs nothing.</summary>
    /// <exception cref="KernelException">The kernels cannot run here.</exception>
    /// <exception cref="GraphException">The graph cannot be read.</exception>
    public static KernelReport? Describe(string file)
    {
        using TensorReader reader = new(file);
        return RewrittenGraph.Create(OnnxModel.Read(file), reader, Processor.Current)?.Report;
    }

    /// <summary>Opens a session over it. Packed weights in memory are this object's: dispose of it after the session.</summary>
    /// <param name="options">The session's options, which learn of the operators.</param>
    /// <exception cref="KernelException">This ONNX Runtime cannot be taught the operators.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the graph.</exception>
    public InferenceSession Open(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OperatorDomain.AddTo(options);
        if (_path is not null) return new InferenceSession(_path, options);
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", _folder!);
        for (int i = 0; i < _names.Count; i++) options.AddInitializer(_names[i], _values[i]);
        return new InferenceSession(_bytes!, options);
    }

    /// <summary>Frees weights that were packed in memory.</summary>
    public void Dispose()
    {
        _values.Dispose();
        _values.Clear();
        _memory?.Dispose();
    }

    /// <summary>
    /// ONNX Runtime takes initializers from memory where the graph says that they stand in a file, but wants to see the file, and its optimisers read what they know
    /// how to read from there all the same. So only what the kernels alone read comes from memory, with the original graph's file as what is seen; the rest stays
    /// where it was.
    /// </summary>
    private static KernelGraph InMemory(
        string file, RewrittenGraph graph, TensorReader reader, string? note, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        PackedLayout layout = new(graph, graph.Pieces.Where(piece => piece is not CopiedPiece), Path.GetFileName(file));
        NativeMemoryBlock memory = new(layout.Length);
        try
        {
            layout.Write(reader, new MemoryTarget(memory), progress, cancellationToken);
            KernelGraph packed = new(graph.Report, note, path: null, Path.GetDirectoryName(Path.GetFullPath(file)), graph.Model.ToBytes(), memory);
            packed.AddValues(graph, layout, memory);
            return packed;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private unsafe void AddValues(RewrittenGraph graph, PackedLayout layout, NativeMemoryBlock memory)
    {
        Dictionary<string, TensorProto> tensors = graph.Model.Proto.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach ((WeightPiece piece, long offset) in layout.Places)
        {
            TensorProto tensor = tensors[piece.Name];
            _names.Add(piece.Name);
            _values.Add(OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)tensor.DataType,
                [.. tensor.Dims],
                (nint)(memory.Pointer + offset),
                piece.Bytes));
        }
    }
}
