using System.Numerics;

namespace Onnx.Llama.Testing;

/// <summary>
/// Llama's forward pass as Hugging Face transformers computes it (modeling_llama.py, eager attention), written to be read: whole sequence, no cache, float32,
/// with dot products, sums of squares and softmax sums accumulated in double and rounded once. The reference of the tests' own checkpoints;
/// itself proven on stored outputs of transformers.
/// </summary>
public sealed class ReferenceLlama
{
    private readonly ReferenceConfig _config;
    private readonly Dictionary<string, float[]> _weights;

    /// <summary>A model of these weights, named as in Hugging Face checkpoints, each [out, in] row by row.</summary>
    public ReferenceLlama(ReferenceConfig config, IEnumerable<KeyValuePair<string, float[]>> weights)
    {
        _config = config;
        _weights = new(weights, StringComparer.Ordinal);
    }

    /// <summary>Reads a checkpoint's folder.</summary>
    /// <param name="folder">Holds the config and model.safetensors or its shards.</param>
    /// <param name="configName">Which config to read.</param>
    public static ReferenceLlama Load(string folder, string configName = "config.json")
    {
        ReferenceConfig config = ReferenceConfig.Parse(File.ReadAllText(Path.Combine(folder, configName)));
        return new(config, ReferenceTensors.ReadFolder(folder).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Floats())));
    }

    /// <summary>Hidden states and logits of the tokens, which stand at positions 0, 1, 2, ...</summary>
    /// <param name="ids">T token ids.</param>
    /// <param name="logitRows">How many of the last positions get logits; all if null.</param>
    public ReferenceOutput Forward(ReadOnlySpan<int> ids, int? logitRows = null)
    {
        int hidden = _config.HiddenSize;
        ReferenceRope rope = new(_config, ids.Length);
        float[] x = Embed(ids);
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            Add(x, Attention(Norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn.", rope));
            Add(x, FeedForward(Norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp."));
        }

        float[] normed = Norm(x, "model.norm.weight");
        float[] head = _weights[_config.TiedHead ? "model.embed_tokens.weight" : "lm_head.weight"];
        return new(normed, Linear(normed[^((logitRows ?? ids.Length) * hidden)..], head, hidden));
    }

    /// <summary>The <paramref name="count"/> tokens that continue the ids, each the first of the greatest logits; end tokens do not end it.</summary>
    public int[] Greedy(ReadOnlySpan<int> ids, int count)
    {
        List<int> sequence = [.. ids];
        for (int i = 0; i < count; i++)
        {
            float[] logits = Forward(sequence.ToArray(), 1).Logits;
            sequence.Add(Array.IndexOf(logits, logits.Max()));
        }

        return [.. sequence[ids.Length..]];
    }

    private float[] Embed(ReadOnlySpan<int> ids)
    {
        int hidden = _config.HiddenSize;
        float[] table = _weights["model.embed_tokens.weight"], x = new float[ids.Length * hidden];
        for (int t = 0; t < ids.Length; t++)
            table.AsSpan(ids[t] * hidden, hidden).CopyTo(x.AsSpan(t * hidden));
        return x;
    }

    /// <summary>RMSNorm of [T, hidden]: x / sqrt(mean(x^2) + eps) * gain.</summary>
    private float[] Norm(float[] x, string name)
    {
        int hidden = _config.HiddenSize;
        float[] gain = _weights[name], result = new float[x.Length];
        for (int start = 0; start < x.Length; start += hidden)
        {
            ReadOnlySpan<float> row = x.AsSpan(start, hidden);
            float scale = (float)(1 / Math.Sqrt((Dot(row, row) / hidden) + _config.RmsNormEps));
            for (int i = 0; i < hidden; i++)
                result[start + i] = gain[i] * (row[i] * scale);
        }

        return result;
    }

    /// <summary>[T, hidden] -> [T, hidden]; each group of query heads shares a key and value head.</summary>
    private float[] Attention(float[] x, string prefix, ReferenceRope rope)
    {
        int dim = _config.HeadDim, heads = _config.Heads, kvHeads = _config.KvHeads, length = x.Length / _config.HiddenSize;
        float[] q = Project(x, prefix + "q_proj", _config.HiddenSize), k = Project(x, prefix + "k_proj", _config.HiddenSize);
        float[] v = Project(x, prefix + "v_proj", _config.HiddenSize), mixed = new float[q.Length];
        for (int t = 0; t < length; t++)
        {
            for (int h = 0; h < heads; h++) rope.Rotate(q.AsSpan(((t * heads) + h) * dim, dim), t);
            for (int h = 0; h < kvHeads; h++) rope.Rotate(k.AsSpan(((t * kvHeads) + h) * dim, dim), t);
        }

        for (int t = 0; t < length; t++)
        {
            for (int h = 0; h < heads; h++)
            {
                int at = ((t * heads) + h) * dim, kvHead = h / (heads / kvHeads);
                AttendOne(q.AsSpan(at, dim), k, v, kvHead, t, mixed.AsSpan(at, dim));
            }
        }

        return Project(mixed, prefix + "o_proj", heads * dim);
    }

    /// <summary>One query head at position t over the keys and values of positions 0 to t.</summary>
    private void AttendOne(ReadOnlySpan<float> query, float[] k, float[] v, int kvHead, int t, Span<float> mixed)
    {
        int dim = query.Length;
        float[] weights = new float[t + 1];
        for (int s = 0; s <= t; s++)
            weights[s] = (float)Dot(query, k.AsSpan(((s * _config.KvHeads) + kvHead) * dim, dim)) * (float)(1 / Math.Sqrt(dim));

        Softmax(weights);
        Span<double> sum = stackalloc double[dim];
        sum.Clear();
        for (int s = 0; s <= t; s++)
        {
            ReadOnlySpan<float> value = v.AsSpan(((s * _config.KvHeads) + kvHead) * dim, dim);
            for (int i = 0; i < dim; i++) sum[i] += (double)weights[s] * value[i];
        }

        for (int i = 0; i < dim; i++) mixed[i] = (float)sum[i];
    }

    private static void Softmax(float[] scores)
    {
        float greatest = scores.Max();
        double sum = 0;
        foreach (ref float score in scores.AsSpan())
        {
            score = (float)Math.Exp(score - greatest);
            sum += score;
        }

        foreach (ref float score in scores.AsSpan()) score = (float)(score / sum);
    }

    /// <summary>down(silu(gate(x)) * up(x)).</summary>
    private float[] FeedForward(float[] x, string prefix)
    {
        float[] gate = Project(x, prefix + "gate_proj", _config.HiddenSize), up = Project(x, prefix + "up_proj", _config.HiddenSize);
        for (int i = 0; i < gate.Length; i++)
            gate[i] = (float)(gate[i] / (1 + Math.Exp(-gate[i]))) * up[i];
        return Project(gate, prefix + "down_proj", _config.IntermediateSize);
    }

    private float[] Project(float[] x, string name, int inputs)
    {
        float[] y = Linear(x, _weights[name + ".weight"], inputs);
        bool biased = name.Contains(".mlp.", StringComparison.Ordinal) ? _config.MlpBias : _config.AttentionBias;
        if (!biased) return y;

        float[] bias = _weights[name + ".bias"];
        for (int i = 0; i < y.Length; i++) y[i] += bias[i % bias.Length];
        return y;
    }

    /// <summary>x [T, inputs] times the transpose of weight [outputs, inputs]: [T, outputs].</summary>
    private static float[] Linear(float[] x, float[] weight, int inputs)
    {
        int outputs = weight.Length / inputs, length = x.Length / inputs;
        float[] y = new float[length * outputs];
        for (int t = 0; t < length; t++)
        {
            for (int o = 0; o < outputs; o++)
                y[(t * outputs) + o] = (float)Dot(x.AsSpan(t * inputs, inputs), weight.AsSpan(o * inputs, inputs));
        }

        return y;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> bLow, out Vector<double> bHigh);
            sums += (aLow * bLow) + (aHigh * bHigh);
        }

        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    private static void Add(float[] x, float[] y)
    {
        for (int i = 0; i < x.Length; i++) x[i] += y[i];
    }
}
