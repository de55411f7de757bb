using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>Every family that converts, a line each.</summary>
public static class KnownFamilies
{
    /// <summary>All of them, by <c>model_type</c>.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        LlamaFamily.Family,
    ];

    /// <summary>The family that a config names.</summary>
    /// <exception cref="CheckpointException">It is none of these.</exception>
    public static ModelFamily Of(HfConfig config)
    {
        string type = config.ModelType;
        return All.FirstOrDefault(family => family.ModelType == type)
            ?? throw config.Refuse("model_type", $"'{type}'", $"one of {string.Join(", ", All.Select(family => family.ModelType))}", Advice(type));
    }

    private static string Advice(string type)
    {
        ModelFamily? near = All.FirstOrDefault(family => type.Contains(family.ModelType, StringComparison.OrdinalIgnoreCase) || Distance(type, family.ModelType) <= 2);
        return near is null
            ? "This family is not supported yet."
            : $"Did you mean '{near.ModelType}'? If the checkpoint is a '{type}' indeed, this family is not supported yet.";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements of a character.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
