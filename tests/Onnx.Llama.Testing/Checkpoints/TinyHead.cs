using System.Text.Json.Nodes;
using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Testing;

/// <summary>
/// A seeded checkpoint of a classifier (LlamaForSequenceClassification) or of an embedder (LlamaModel with sentence-transformers' modules.json), and what it
/// computes, by <see cref="ReferenceLlama"/> and a few plain lines.
/// </summary>
public sealed class TinyHead
{
    private readonly ReferenceLlama _llama;
    private readonly ReferenceConfig _config;
    private float[] _score = [];

    private TinyHead(string folder, ReferenceConfig config, string? tokenizer)
    {
        Folder = TinyCheckpoint.Write(folder, config with { TiedHead = true }, new CheckpointOptions { DType = StoredFloat.F32, TokenizerPath = tokenizer });
        _config = config;
        _llama = ReferenceLlama.Load(folder);
    }

    /// <summary>The checkpoint's folder.</summary>
    public string Folder { get; }

    /// <summary>Writes a classifier of so many labels into a folder, which is created.</summary>
    public static TinyHead Classifier(string folder, ReferenceConfig config, int labels, string? tokenizer = null)
    {
        TinyHead head = new(folder, config, tokenizer);
        Dictionary<string, ReferenceTensor> tensors = ReferenceTensors.ReadFolder(folder);
        head._score = tensors["model.embed_tokens.weight"].Floats()[..(labels * config.HiddenSize)];
        head.Write(tensors.Select(tensor => (tensor.Key, tensor.Value)), writer => writer.Add("score.weight", [labels, config.HiddenSize], head._score));
        head.Configure(json =>
        {
            json["architectures"] = new JsonArray("LlamaForSequenceClassification");
            json["id2label"] = new JsonObject(Enumerable.Range(0, labels).Select(label => KeyValuePair.Create(FormattableString.Invariant($"{label}"), (JsonNode?)$"label {label}")));
        });
        return head;
    }

    /// <summary>Writes an embedder into a folder, which is created: pooled by the last token or the mean, and normalised.</summary>
    public static TinyHead Embedder(string folder, ReferenceConfig config, bool isLast, string? tokenizer = null)
    {
        TinyHead head = new(folder, config, tokenizer);
        head.Write(ReferenceTensors.ReadFolder(folder).Select(tensor => (tensor.Key["model.".Length..], tensor.Value)));
        head.Configure(json => json["architectures"] = new JsonArray("LlamaModel"));
        string Module(int index, string path, string type) => $$"""{"idx": {{index}}, "path": "{{path}}", "type": "sentence_transformers.models.{{type}}"}""";
        File.WriteAllText(
            Path.Combine(folder, "modules.json"), $"[{Module(0, "", "Transformer")}, {Module(1, "1_Pooling", "Pooling")}, {Module(2, "2_Normalize", "Normalize")}]");
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        string pooling = isLast ? "pooling_mode_lasttoken" : "pooling_mode_mean_tokens";
        File.WriteAllText(Path.Combine(folder, "1_Pooling", "config.json"), $$"""{"{{pooling}}": true, "include_prompt": true}""");
        return head;
    }

    /// <summary>Changes config.json.</summary>
    public void Configure(Action<JsonObject> change)
    {
        string file = Path.Combine(Folder, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }

    /// <summary>A classifier's scores of a text: score(h) of the last token.</summary>
    public float[] Scores(int[] ids)
    {
        float[] last = Hidden(ids)[^1];
        return [.. _score.Chunk(_config.HiddenSize).Select(row => (float)row.Zip(last, (a, b) => (double)a * b).Sum())];
    }

    /// <summary>An embedder's vector of a text, of length 1.</summary>
    public float[] Vector(int[] ids, bool isLast)
    {
        float[][] hidden = Hidden(ids);
        double[] pooled = isLast
            ? [.. hidden[^1].Select(value => (double)value)]
            : [.. Enumerable.Range(0, _config.HiddenSize).Select(i => hidden.Average(row => (double)row[i]))];
        double length = Math.Sqrt(pooled.Sum(value => value * value));
        return [.. pooled.Select(value => (float)(value / length))];
    }

    private float[][] Hidden(int[] ids) => [.. _llama.Forward(ids, logitRows: 0).Hidden.Chunk(_config.HiddenSize)];

    private void Write(IEnumerable<(string Name, ReferenceTensor Tensor)> tensors, Action<SafetensorsWriter>? more = null)
    {
        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in tensors) writer.Add(name, Enum.Parse<DType>(tensor.DType), [.. tensor.Shape.Select(size => (long)size)], tensor.Bytes);
        more?.Invoke(writer);
        writer.Save(Path.Combine(Folder, "model.safetensors"));
    }
}
