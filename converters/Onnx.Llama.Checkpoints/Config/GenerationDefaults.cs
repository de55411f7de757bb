using System.Collections.Immutable;

namespace Onnx.Llama.Checkpoints;

/// <summary>generation_config.json: how the checkpoint's authors mean it to be sampled. A value is null where the file does not have it.</summary>
public sealed record GenerationDefaults
{
    /// <summary>The name of the file in a checkpoint's folder.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>Ids that end a text, written as one number or a list; empty where the file has none.</summary>
    public ImmutableArray<int> EndIds { get; init; } = [];

    /// <summary>The id that a text begins with.</summary>
    public int? BosId { get; init; }

    /// <summary>The id that fills unused places of a batch.</summary>
    public int? PadId { get; init; }

    /// <summary>Whether to sample; greedy otherwise, whatever the values below say.</summary>
    public bool DoSample { get; init; }

    /// <summary>Divides the logits before the softmax; at least 0.</summary>
    public float? Temperature { get; init; }

    /// <summary>How many of the likeliest tokens to keep; 0 keeps all.</summary>
    public int? TopK { get; init; }

    /// <summary>The share of probability that the likeliest tokens kept must reach; from 0 to 1.</summary>
    public float? TopP { get; init; }

    /// <summary>The least probability of a token kept, as a share of the likeliest one's; from 0 to 1.</summary>
    public float? MinP { get; init; }

    /// <summary>Divides positive logits, and multiplies negative ones, of tokens that the text already has (arXiv:1909.05858); above 0.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>The most tokens to generate.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Reads generation_config.json of a checkpoint's folder; null where there is none.</summary>
    /// <exception cref="CheckpointException">It is not strict JSON, or a value is out of its range.</exception>
    public static GenerationDefaults? Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return Path.Exists(file) ? Parse(SourceFile.ReadSmall(file, HfConfig.LongestFile), file) : null;
    }

    /// <summary>Reads it from its text.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="file">The file's path, for messages.</param>
    /// <exception cref="CheckpointException">It is not strict JSON, or a value is out of its range.</exception>
    public static GenerationDefaults Parse(ReadOnlyMemory<byte> utf8, string file)
    {
        ConfigObject values = new(JsonFile.Parse(utf8, file), file, "");
        return new GenerationDefaults
        {
            EndIds = values.Ids("eos_token_id"),
            BosId = SpecialId(values, "bos_token_id"),
            PadId = SpecialId(values, "pad_token_id"),
            DoSample = values.Flag("do_sample", false),
            Temperature = Within(values, "temperature", 0, float.MaxValue, "a number of at least 0"),
            TopK = OptionalInteger(values, "top_k"),
            TopP = Within(values, "top_p", 0, 1, "a number from 0 to 1"),
            MinP = Within(values, "min_p", 0, 1, "a number from 0 to 1"),
            RepetitionPenalty = Within(values, "repetition_penalty", float.Epsilon, float.MaxValue, "a number above 0"),
            MaxNewTokens = values.OptionalSize("max_new_tokens"),
        };
    }

    // Llama 1's checkpoints write -1 for "none".
    private static int? SpecialId(ConfigObject values, string key) => values.OptionalDouble(key) == -1 ? null : OptionalInteger(values, key);

    private static int? OptionalInteger(ConfigObject values, string key) => values.Ids(key) switch
    {
        [] => null,
        [int value] => value,
        _ => throw values.Refuse(key, "one integer", ""),
    };

    private static float? Within(ConfigObject values, string key, float least, float most, string expected)
    {
        if (!values.Has(key)) return null;
        float value = values.Number(key);
        return value >= least && value <= most ? value : throw values.Refuse(key, expected, "");
    }
}
