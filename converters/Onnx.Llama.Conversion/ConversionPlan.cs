using System.Globalization;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Graph;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion;

/// <summary>
/// All that a conversion will do, before the first byte is written: the graph, every tensor, what becomes of it and where it will stand.
/// What is wrong with a checkpoint is found here.
/// </summary>
public sealed class ConversionPlan : IDisposable
{
    /// <summary>The weights' file, of all graphs.</summary>
    public const string DataFile = "model.onnx.data";

    private readonly Checkpoint _checkpoint;
    private readonly ConversionOptions _options;
    private readonly DataPlan _data;
    private readonly ModelDescription _description;

    private ConversionPlan(Checkpoint checkpoint, HfConfig config, ConversionOptions options)
    {
        _checkpoint = checkpoint;
        _options = options;
        HfConfig text = KnownFamilies.TextPart(config);
        ModelFamily family = KnownFamilies.Of(text);
        RefuseQuantized(config);
        RefuseQuantized(text);
        Spec = family.Describe(text);
        Head = HeadReader.Of(checkpoint.Folder, config, options.Pooling);
        CheckpointWeights weights = new(checkpoint, WeightRoot.Of(checkpoint, Spec.Weights));
        DataPlan data = new(DataFile);
        Graphs = [.. Targets(options).Select(target => new PlannedGraph(
            target, DecoderGraph.Emit(new GraphScope(Spec, target, weights, options.Precision, new GraphBuilder(Spec.ModelType), data) { Head = Head })))];
        weights.LeaveOutLayers(Spec.Layers, Spec.PredictionLayers);
        weights.RefuseLeftovers(Spec.ModelType);
        _data = data;
        Parameters = weights.Parameters;
        _description = new ModelDescription(checkpoint.Folder, text, Spec, Head, options.Precision, [.. Graphs.Select(graph => graph.Target)], Facts);
        RefuseUnreadRope(config);
        ForeignSettings.Refuse(text);
        Notes =
        [
            .. text == config ? Array.Empty<string>() : [$"the text part of this '{config.ModelType}' is converted, and nothing else of it."],
            .. config.UnreadSettings.Select(key => $"config.json: '{key}' has no meaning for this family and was not used."),
            .. weights.LeftOut.Select(prefix => $"tensors '{prefix}*' are no part of the text model and are left out."),
            .. SmallerBlocks(data, options.Precision),
        ];
    }

    /// <summary>The model's facts.</summary>
    public DecoderSpec Spec { get; }

    /// <summary>The model's sizes.</summary>
    public ModelFacts Facts => new(
        Parameters, Spec.Hidden, Spec.Layers, Spec.Heads, Spec.KvHeads, Spec.HeadDim, Spec.FeedForward, Spec.Vocabulary,
        Spec.ContextLength, RopeText.Of(Spec.Attention), Spec.Experts?.Count);

    /// <summary>What it gives for a text.</summary>
    public ModelHead Head { get; }

    /// <summary>The graphs, one for each target.</summary>
    public IReadOnlyList<PlannedGraph> Graphs { get; }

    /// <summary>Elements of all of the checkpoint's tensors that the model is made of, as they are stored.</summary>
    public long Parameters { get; }

    /// <summary>Which part is stored how.</summary>
    public PrecisionRecipe Precision => _options.Precision;

    /// <summary>Size of the weights' file, in bytes.</summary>
    public long DataBytes => _data.Length;

    /// <summary>Every tensor of the weights' file, in its order.</summary>
    public IReadOnlyList<PlannedTensor> Tensors =>
        [.. _data.Jobs.Select(job => new PlannedTensor(job.Name, job.Form, job.Rows, job.Columns, job.Bytes, [.. job.Tensors]))];

    /// <summary>What the user should know: settings that were not used.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a checkpoint's config and headers and plans its conversion.</summary>
    /// <param name="source">The checkpoint's folder.</param>
    /// <param name="options">How to convert.</param>
    /// <exception cref="CheckpointException">The checkpoint cannot be read.</exception>
    /// <exception cref="ConversionException">It can be read, but not converted as asked.</exception>
    public static ConversionPlan Create(string source, ConversionOptions options)
    {
        HfConfig config = HfConfig.Load(source);
        Checkpoint checkpoint = Checkpoint.Open(source);
        try
        {
            return new ConversionPlan(checkpoint, config, options);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Writes the model folder: all of it, or nothing.</summary>
    /// <param name="output">The folder to make.</param>
    /// <param name="progress">Told of every few megabytes.</param>
    /// <param name="cancellationToken">Stops the conversion; nothing is left behind.</param>
    /// <exception cref="ConversionException">The folder exists, or cannot be written.</exception>
    public ConversionResult Write(string output, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        using OutputFolder folder = OutputFolder.Begin(output, _checkpoint.Folder, _options.Force);
        RefuseFullDisk(folder.Partial);
        long done = 0;
        long total = _data.Jobs.Sum(job => job.Bytes);
        string data = Path.Combine(folder.Partial, DataFile);
        DataWriter.Write(data, DataBytes, _data.Jobs, _options.Threads, Written, cancellationToken);
        FolderFiles files = new(folder.Partial);
        files.Hash(DataFile, cancellationToken);
        foreach (PlannedGraph graph in Graphs) files.Write(graph.Target.File, graph.Model.ToBytes());
        _description.Write(files, _checkpoint);
        cancellationToken.ThrowIfCancellationRequested();
        folder.Commit();
        return new ConversionResult(Path.GetFullPath(output), files.Records.Sum(file => file.Size), [.. files.Records.Select(file => file.Name)]);

        void Written(long bytes) => progress?.Report(new ConversionProgress(Interlocked.Add(ref done, bytes), total));
    }

    /// <summary>Closes the checkpoint.</summary>
    public void Dispose() => _checkpoint.Dispose();

    /// <summary>In an order of their own, so that a folder does not depend on how they were asked for.</summary>
    private static IEnumerable<GraphTarget> Targets(ConversionOptions options)
    {
        if (options.Targets.Count == 0) throw new ConversionException("--target", $"names nothing; expected one or more of {string.Join(", ", GraphTarget.All.Select(target => target.Name))}.");
        return GraphTarget.All.Where(options.Targets.Contains);
    }

    private static IEnumerable<string> SmallerBlocks(DataPlan data, PrecisionRecipe precision) => data.Jobs.OfType<BlocksJob>()
        .Select(job => (job.Columns, Size: job.Stored.Format.BlockSize))
        .Where(stored => stored.Size < precision.Block)
        .Distinct()
        .Select(stored => FormattableString.Invariant(
            $"--block {precision.Block}: rows of {stored.Columns} weights are stored in blocks of {stored.Size}, the greatest that fit."));

    private static void RefuseQuantized(HfConfig config)
    {
        if (config.Quantization is { } scheme)
        {
            throw config.Refuse(
                scheme.Key, scheme.ToString(), "weights that are not quantised", "Convert the original checkpoint; this method is not supported yet.");
        }
    }

    /// <summary>An unknown key beside the rotation's settings changes every angle.</summary>
    private static void RefuseUnreadRope(HfConfig config)
    {
        string? key = config.UnreadKeys.FirstOrDefault(path => path.Split('.').SkipLast(1).Any(part => part.StartsWith("rope_", StringComparison.Ordinal)));
        if (key is null) return;
        throw config.Refuse(key, "a setting", "only keys that this rope_type has", "A setting of the rotation cannot be left out: the text would be wrong.");
    }

    private void RefuseFullDisk(string folder)
    {
        // Room for the graph and the small files beside the weights.
        const long Rest = 64L << 20;
        long free;
        try
        {
            free = new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A file system that does not tell its free space: writing will find out.
            return;
        }

        if (free < DataBytes + Math.Min(Rest, DataBytes))
        {
            throw new ConversionException(
                folder,
                string.Create(CultureInfo.InvariantCulture, $"has {free:N0} bytes free; expected at least {DataBytes:N0}. Free space, or choose another OUTPUT."));
        }
    }
}
