using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx.Llama.Kernels.Rewriting;
using Onnx.Llama.Manifest;
using Onnx.Llama.Runtime;

namespace Onnx.Llama.Decoding;

/// <summary>A session over a decoder graph, and the names and shapes of its inputs and outputs, checked against each other once.</summary>
internal sealed class DecoderGraph : IDisposable
{
    /// <summary>The overridable input that says from which position on logits are wanted; graphs of others lack it.</summary>
    private const string LogitsFromName = "logits_from";

    /// <summary>genai_config.json describes a folder's first graph; another may take positions where that one counts them.</summary>
    private const string UsualPositionIds = "position_ids";

    private readonly GraphSession _owner;
    private readonly string[] _names;

    /// <summary>Takes over the session.</summary>
    /// <param name="session">A session over the graph.</param>
    /// <param name="file">The graph's file, for messages.</param>
    /// <param name="decoder">The names of inputs and outputs.</param>
    /// <param name="windows">The window of each layer, null where it keeps everything; null for no windows at all.</param>
    /// <param name="slack">Tokens of room beyond a window; null for what suits the CPU, <see cref="LayerWindows.Slack"/>.</param>
    /// <param name="memory">Where keys and values lie; null for the host's memory. Taken over with the session.</param>
    /// <exception cref="ModelException">The graph is not what its folder says.</exception>
    public DecoderGraph(
        GraphSession session, string file, GenAiDecoder decoder, IReadOnlyList<int?>? windows = null, int? slack = null, KvMemory? memory = null)
    {
        _owner = session;
        Session = session.Session;
        Memory = memory ?? new HostKvMemory();
        File = file;
        InputIds = Input(decoder.Inputs.InputIds, TensorElementType.Int64);
        AttentionMask = Input(decoder.Inputs.AttentionMask, TensorElementType.Int64);
        string positions = decoder.Inputs.PositionIds ?? UsualPositionIds;
        if (Session.InputMetadata.ContainsKey(positions)) PositionIds = Input(positions, TensorElementType.Int64);

        LogitsFrom = Session.OverridableInitializerMetadata.ContainsKey(LogitsFromName) ? LogitsFromName : null;
        NodeMetadata logits = Metadata(Session.OutputMetadata, decoder.Outputs.Logits, "output");
        LogitType = logits.ElementDataType;
        Logits = Output(decoder.Outputs.Logits, LogitType);
        _ = ElementSize(Logits, LogitType);
        VocabularySize = Fixed(Logits, logits, 2);
        (Layout, Layers, KvType) = ReadLayers(decoder, windows, slack);
        _names = [InputIds, AttentionMask, PositionIds ?? InputIds, .. Layers.SelectMany(layer => new[] { layer.PastKey, layer.PastValue })];
        RefuseUnknownInputs();
    }

    public InferenceSession Session { get; }

    /// <summary>What the kernels take over; null where ONNX Runtime's operators alone run.</summary>
    public KernelReport? Kernels => _owner.Kernels;

    /// <summary>Where keys and values lie.</summary>
    public KvMemory Memory { get; }

    /// <summary>The graph's file.</summary>
    public string File { get; }

    /// <summary>int64 [rows, new].</summary>
    public string InputIds { get; }

    /// <summary>int64 [rows, total].</summary>
    public string AttentionMask { get; }

    /// <summary>int64 [rows, new]; null where the graph counts itself.</summary>
    public string? PositionIds { get; }

    /// <summary>int64 [1]; null where the graph always gives the logits of all positions.</summary>
    public string? LogitsFrom { get; }

    /// <summary>[rows, positions, vocabulary] of <see cref="LogitType"/>.</summary>
    public string Logits { get; }

    /// <summary>float32, float16 or bfloat16.</summary>
    public TensorElementType LogitType { get; }

    public int VocabularySize { get; }

    public KvLayout Layout { get; }

    public IReadOnlyList<LayerNames> Layers { get; }

    /// <summary>The element type of keys and values.</summary>
    public TensorElementType KvType { get; }

    /// <summary>Closes the session.</summary>
    public void Dispose()
    {
        Memory.Dispose();
        _owner.Dispose();
    }

    private (KvLayout Layout, IReadOnlyList<LayerNames> Names, TensorElementType Type) ReadLayers(
        GenAiDecoder decoder, IReadOnlyList<int?>? windows, int? slack)
    {
        List<KvLayer> layers = [];
        List<LayerNames> names = [];
        TensorElementType type = TensorElementType.Float;
        for (int layer = 0; layer < decoder.NumHiddenLayers; layer++)
        {
            string key = Numbered(decoder.Inputs.PastKeyNames, layer);
            NodeMetadata metadata = Metadata(Session.InputMetadata, key, "input");
            if (layer == 0) type = metadata.ElementDataType;
            names.Add(new LayerNames(
                Input(key, type),
                Input(Numbered(decoder.Inputs.PastValueNames, layer), type),
                Output(Numbered(decoder.Outputs.PresentKeyNames, layer), type),
                Output(Numbered(decoder.Outputs.PresentValueNames, layer), type)));
            int? window = KeepsAll(metadata) ? null : windows?[layer];
            int headDim = Fixed(key, metadata, 3);
            int beyond = window is { } size ? slack ?? LayerWindows.Slack(size, headDim) : 0;
            layers.Add(new KvLayer(Fixed(key, metadata, 1), headDim, ElementSize(key, type), window, beyond));
        }

        return (new KvLayout(layers), names, type);
    }

    private string Input(string name, TensorElementType type) => Typed(name, Metadata(Session.InputMetadata, name, "input"), type);

    private string Output(string name, TensorElementType type) => Typed(name, Metadata(Session.OutputMetadata, name, "output"), type);

    private NodeMetadata Metadata(IReadOnlyDictionary<string, NodeMetadata> known, string name, string kind) =>
        known.TryGetValue(name, out NodeMetadata? metadata) ? metadata : throw new ModelException(
            File, $"the graph has no {kind} '{name}'", $"the name that {GenAiConfig.FileName} gives, one of {string.Join(", ", known.Keys)}");

    private string Typed(string name, NodeMetadata metadata, TensorElementType type) => metadata.IsTensor && metadata.ElementDataType == type
        ? name
        : throw new ModelException(File, $"'{name}' is {(metadata.IsTensor ? metadata.ElementDataType : metadata.OnnxValueType)}", type.ToString());

    private int Fixed(string name, NodeMetadata metadata, int axis) => metadata.Dimensions.Length > axis && metadata.Dimensions[axis] > 0
        ? metadata.Dimensions[axis]
        : throw new ModelException(
            File, $"'{name}' has shape [{string.Join(", ", metadata.Dimensions)}]", $"a fixed size of axis {axis}", "Convert the model again.");

    private int ElementSize(string name, TensorElementType type) => type switch
    {
        TensorElementType.Float => 4,
        TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        _ => throw new ModelException(File, $"'{name}' is {type}", "Float, Float16 or BFloat16"),
    };

    /// <summary>Whether the graph says that a cache is as long as the text: a folder's variant for a provider that cannot drop keys has such layers.</summary>
    private static bool KeepsAll(NodeMetadata metadata) =>
        metadata.SymbolicDimensions is { Length: > 2 } names && names[2] == LayerWindows.FullLength;

    private void RefuseUnknownInputs()
    {
        foreach (string name in Session.InputMetadata.Keys.Except(_names))
        {
            throw new ModelException(
                File, $"the graph needs an input '{name}'", $"only those that {GenAiConfig.FileName} names", "This kind of graph is not supported.");
        }
    }

    private static string Numbered(string pattern, int layer) => pattern.Replace("%d", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
