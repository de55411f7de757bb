namespace Onnx.Llama.Testing;

/// <summary>
/// Seeded random Llama checkpoints in Hugging Face's layout, tiny ones for tests and, as memory stays constant, real sizes for benchmarks. Weights are of
/// about normal distribution (<see cref="RandomWeights"/>) and bfloat16's values in every dtype, scaled so that activations stay near 1
/// and logits have a deviation of a few: a mistake in any tensor shows in them.
/// </summary>
public static class TinyCheckpoint
{
    private const float LogitDeviation = 3;

    /// <summary>A small model that tests share: 2 layers, hidden 64, 4 heads and 2 of keys and values, vocabulary 320.</summary>
    public static ReferenceConfig Default { get; } = new()
    {
        VocabSize = 320,
        HiddenSize = 64,
        IntermediateSize = 128,
        Layers = 2,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 16,
        MaxPositions = 512,
    };

    /// <summary>Writes config.json and the weights into a folder, which is created.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, ReferenceConfig config, CheckpointOptions? options = null)
    {
        options ??= new CheckpointOptions();
        string dtype = options.DType switch { StoredFloat.F32 => "float32", StoredFloat.F16 => "float16", _ => "bfloat16" };
        return Write(folder, config.ToJson(dtype), options);
    }

    /// <summary>Writes a config.json of any spelling as it is, and weights of its sizes, into a folder, which is created.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string configJson, CheckpointOptions options)
    {
        ReferenceConfig config = ReferenceConfig.Parse(configJson);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), configJson);
        StoredTensors.WriteFolder(folder, [.. Tensors(config, options.Seed)], options.DType, options.Shards);
        if (options.TokenizerPath is { } tokenizer) File.Copy(tokenizer, Path.Combine(folder, "tokenizer.json"), overwrite: true);
        return folder;
    }

    /// <summary>Writes a config.json of any family, and weights of the given shapes, into a folder, which is created.</summary>
    /// <remarks>Vectors are near 1, but biases near 0; matrices are scaled by their inputs, the last dimension.</remarks>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string configJson, IReadOnlyDictionary<string, long[]> shapes, CheckpointOptions options)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), configJson);
        StoredTensors.WriteFolder(folder, [.. shapes.Select(entry => OfShape(entry.Key, [.. entry.Value.Select(length => (int)length)], options.Seed))], options.DType, options.Shards);
        return folder;
    }

    private static StoredTensor OfShape(string name, int[] shape, ulong seed)
    {
        bool isEnd = name.Contains("embed_tokens", StringComparison.Ordinal) || name.Contains("lm_head", StringComparison.Ordinal);
        bool isBias = name.EndsWith("bias", StringComparison.Ordinal);
        float deviation = shape.Length < 2 ? 0.1f : (isEnd ? LogitDeviation : 1) / MathF.Sqrt(shape[^1]);
        return new StoredTensor(name, shape, new RandomWeights(seed, name, shape.Length < 2 && !isBias ? 1 : 0, deviation).Fill);
    }

    private static IEnumerable<StoredTensor> Tensors(ReferenceConfig config, ulong seed)
    {
        int hidden = config.HiddenSize, queries = config.Heads * config.HeadDim, keys = config.KvHeads * config.HeadDim;
        float embedding = LogitDeviation / MathF.Sqrt(hidden);
        yield return Random("model.embed_tokens.weight", [config.VocabSize, hidden], embedding);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string attention = $"model.layers.{layer}.self_attn.", mlp = $"model.layers.{layer}.mlp.";
            yield return Gain($"model.layers.{layer}.input_layernorm.weight");
            foreach (StoredTensor tensor in Linear(attention + "q_proj", queries, hidden, config.AttentionBias)) yield return tensor;
            foreach (StoredTensor tensor in Linear(attention + "k_proj", keys, hidden, config.AttentionBias)) yield return tensor;
            foreach (StoredTensor tensor in Linear(attention + "v_proj", keys, hidden, config.AttentionBias)) yield return tensor;
            foreach (StoredTensor tensor in Linear(attention + "o_proj", hidden, queries, config.AttentionBias)) yield return tensor;
            yield return Gain($"model.layers.{layer}.post_attention_layernorm.weight");
            foreach (StoredTensor tensor in Linear(mlp + "gate_proj", config.IntermediateSize, hidden, config.MlpBias)) yield return tensor;
            foreach (StoredTensor tensor in Linear(mlp + "up_proj", config.IntermediateSize, hidden, config.MlpBias)) yield return tensor;
            foreach (StoredTensor tensor in Linear(mlp + "down_proj", hidden, config.IntermediateSize, config.MlpBias)) yield return tensor;
        }

        yield return Gain("model.norm.weight");
        if (!config.TiedHead) yield return Random("lm_head.weight", [config.VocabSize, hidden], embedding);

        StoredTensor Random(string name, int[] shape, float deviation, float mean = 0) => new(name, shape, new RandomWeights(seed, name, mean, deviation).Fill);
        StoredTensor Gain(string name) => Random(name, [hidden], 0.1f, mean: 1);
        IEnumerable<StoredTensor> Linear(string name, int outputs, int inputs, bool bias)
        {
            yield return Random(name + ".weight", [outputs, inputs], 1 / MathF.Sqrt(inputs));
            if (bias) yield return Random(name + ".bias", [outputs], 0.1f);
        }
    }
}
