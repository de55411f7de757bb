using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Blocks;
using Onnx.Llama.Conversion.Families;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion.Output;

/// <summary>The small files of a model folder: what the checkpoint brings for text, and what the converter says of the model.</summary>
internal sealed class ModelDescription(
    string source, HfConfig config, DecoderSpec spec, ModelHead head, PrecisionRecipe precision, IReadOnlyList<GraphTarget> targets,
    ModelFacts facts)
{
    /// <summary>onnxruntime-genai allocates its cache by max_length, so a long context is not its default.</summary>
    private const int GenAiDefaultLength = 4096;

    /// <summary>The first ONNX Runtime with all operators and attributes of most graphs.</summary>
    private const string LeastOnnxRuntime = "1.20.0";

    /// <summary>The first ONNX Runtime whose attention operator drops keys that leave the window, and takes sinks.</summary>
    private const string LeastOnnxRuntimeOfWindows = "1.31.0";

    /// <summary>The oldest ONNX Runtime whose operators of experts were tested; older ones lack attributes that quantised experts have.</summary>
    private const string LeastOnnxRuntimeOfExperts = "1.31.0";

    /// <summary>The oldest ONNX Runtime that blocks of 8 bits were tested with.</summary>
    private const string LeastOnnxRuntimeOf8Bits = "1.30.0";

    /// <summary>Errors only: at each load ONNX Runtime would warn of logits_from, an input with a default, which is meant to be one.</summary>
    private const int GenAiLogSeverity = 3;

    /// <summary>A file of text settings is megabytes at most: the largest tokenizer.json are 35.</summary>
    private const long GreatestFile = 256L << 20;

    /// <summary>Files that go along as they are.</summary>
    private static readonly string[] s_copied =
    [
        "added_tokens.json", "chat_template.jinja", "config_sentence_transformers.json", "generation_config.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model",
        "tokenizer_config.json", "vocab.json",
    ];

    private readonly GenerationDefaults? _generation = GenerationDefaults.Load(source);

    /// <summary>Writes them; onnx_llama.json last, since it lists the others.</summary>
    public void Write(FolderFiles files, Checkpoint checkpoint)
    {
        List<SourceFile> sources = [Hashed("config.json")];
        foreach (string name in Companions())
        {
            files.Write(name, Content(name));
            sources.Add(Hashed(name));
        }

        sources.AddRange(checkpoint.Files.Select(file => Path.GetExtension(file.Path) == ".json"
            ? Hashed(Path.GetFileName(file.Path))
            : new SourceFile(Path.GetFileName(file.Path), file.Bytes, HeaderSha256: HeaderHash(checkpoint, file.Path))));
        if (head is ModelHead.Text) files.Write(GenAiConfig.FileName, GenAi().ToUtf8());
        files.Write(ModelManifest.FileName, Manifest(sources, files.Records).ToUtf8());
    }

    private IEnumerable<string> Companions()
    {
        foreach (string name in s_copied.Where(name => File.Exists(Path.Combine(source, name)))) yield return name;
        const string Templates = "additional_chat_templates";
        string folder = Path.Combine(source, Templates);
        if (!Directory.Exists(folder)) yield break;
        foreach (string file in Directory.EnumerateFiles(folder, "*.jinja").Order(StringComparer.Ordinal)) yield return $"{Templates}/{Path.GetFileName(file)}";
    }

    private GenAiConfig GenAi()
    {
        ImmutableArray<int> ends = EndIds();
        return new GenAiConfig
        {
            Model = new GenAiModel
            {
                Type = spec.GenAiType,
                BosTokenId = _generation?.BosId ?? FirstId("bos_token_id"),
                EosTokenId = ends,
                PadTokenId = _generation?.PadId ?? FirstId("pad_token_id") ?? (!ends.IsEmpty ? ends[0] : 0),
                ContextLength = spec.ContextLength,
                VocabSize = spec.Vocabulary,
                Decoder = new GenAiDecoder
                {
                    Filename = targets[0].File,
                    HeadSize = KvCache.Width(spec),
                    HiddenSize = spec.Hidden,
                    NumAttentionHeads = spec.Heads,
                    NumHiddenLayers = spec.Layers,
                    NumKeyValueHeads = spec.KvHeads,
                    Inputs = new GenAiInputs(PositionIds: targets[0].TakesPositions ? DecoderGraph.PositionIds : null),
                    Outputs = new GenAiOutputs(),
                    SlidingWindow = Windows(),
                    SessionOptions = new GenAiSessionOptions { LogSeverityLevel = GenAiLogSeverity },
                },
            },
            Search = Search(),
        };
    }

    private GenAiSearch Search()
    {
        GenAiSearch search = new() { MaxLength = Math.Min(spec.ContextLength, GenAiDefaultLength) };
        return _generation is not { DoSample: true } sampling ? search : search with
        {
            DoSample = true,
            Temperature = sampling.Temperature ?? search.Temperature,
            TopK = sampling.TopK ?? search.TopK,
            TopP = sampling.TopP ?? search.TopP,
        };
    }

    private ModelManifest Manifest(IReadOnlyList<SourceFile> sources, IReadOnlyList<FileRecord> files) => new()
    {
        SchemaVersion = ModelManifest.CurrentSchemaVersion,
        Task = head.Task,
        Facts = facts,
        Head = Head(),
        ModelType = spec.ModelType,
        Variants = [.. targets.Select(target => new ModelVariant(target.File, target.Name, precision.Name, LeastVersion()))],
        Layers = [.. spec.Attention.Select(layer => layer.Window is { } tokens ? new LayerCache(LayerCacheKind.Window, tokens) : new LayerCache(LayerCacheKind.Full))],
        LengthDependentRope = spec.Attention.Any(layer => RotaryTable.DependsOnLength(layer.Rope)),
        RopeSwitchAt = spec.Attention.Select(layer => layer.Rope).OfType<RopeConfig.LongRope>().FirstOrDefault()?.OriginalMaxPositions,
        EndIds = EndIds(),
        Source = new ModelSource(sources),
        Options = new ConversionRecord(precision.Option, precision.Block),
        ToolVersion = typeof(ModelDescription).Assembly.GetName().Version!.ToString(3),
        Files = files,
    };

    private HeadDescription? Head() => head switch
    {
        ModelHead.Classify classify => new HeadDescription(
            spec.ContextLength, spec.Vocabulary, classify.Labels.Count, Labels: classify.Labels, Function: classify.Function),
        ModelHead.Embed embed => new HeadDescription(
            spec.ContextLength, spec.Vocabulary, spec.Hidden, Pooling: embed.Pooling == Pooling.Mean ? "mean" : "last", Normalized: embed.Normalized),
        _ => null,
    };

    private string LeastVersion()
    {
        if (spec.Experts is not null) return LeastOnnxRuntimeOfExperts;
        if (spec.AttentionSinks || spec.Attention.Any(layer => layer.Window is not null)) return LeastOnnxRuntimeOfWindows;
        return precision.Layers is WeightFormat.Blocks { Format.Bits: 8 } ? LeastOnnxRuntimeOf8Bits : LeastOnnxRuntime;
    }

    /// <summary>onnxruntime-genai knows one window for all layers that have one.</summary>
    private GenAiSlidingWindow? Windows()
    {
        int[] layers = [.. Enumerable.Range(0, spec.Layers).Where(layer => spec.Attention[layer].Window is not null)];
        return layers.Length == 0 ? null : new GenAiSlidingWindow(spec.Attention[layers[0]].Window!.Value, layers);
    }

    private ImmutableArray<int> EndIds() => config.EndIds(_generation);

    private int? FirstId(string key) => config.SpecialIds(key) is [int first, ..] ? first : null;

    private SourceFile Hashed(string name)
    {
        byte[] content = Content(name);
        return new SourceFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private byte[] Content(string name)
    {
        string path = Path.Combine(source, name);
        try
        {
            FileInfo file = new(path);
            long length = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
            if (length <= GreatestFile) return File.ReadAllBytes(path);
            throw new ConversionException(path, string.Create(CultureInfo.InvariantCulture, $"is {length} bytes; expected at most {GreatestFile}."));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConversionException(path, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static string HeaderHash(Checkpoint checkpoint, string path) =>
        Convert.ToHexStringLower(SHA256.HashData(checkpoint.Shards.First(shard => shard.Path == path).ReadHeader()));
}
