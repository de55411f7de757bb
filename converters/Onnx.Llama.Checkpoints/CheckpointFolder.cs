namespace Onnx.Llama.Checkpoints;

/// <summary>The names that a checkpoint's folder has, and what to say when they are not there.</summary>
internal static class CheckpointFolder
{
    /// <summary>The name of the only safetensors file of a checkpoint that is not sharded.</summary>
    public const string SingleFile = "model.safetensors";

    private const int MostNames = 12;

    /// <summary>The refusal of a folder without safetensors: lists what is there.</summary>
    public static CheckpointException WithoutWeights(string folder)
    {
        if (IsNotFolder(folder) is { } error) return error;
        string[] names = Names(folder);
        string advice = names.Any(IsPickle)
            ? " Pickle files can run code and are never read: download the safetensors version, "
                + "or save the model again with save_pretrained(folder, safe_serialization=True)."
            : "";
        return CheckpointException.OfFolder(folder, $"has neither {SingleFile} nor {ShardIndex.FileName}; {Has(names)}.{advice}");
    }

    /// <summary>The refusal of a folder without a file that every checkpoint has: lists what is there.</summary>
    public static CheckpointException Without(string file, string folder) =>
        IsNotFolder(folder) ?? CheckpointException.OfFolder(folder, $"has no {file}; {Has(Names(folder))}. Expected a checkpoint's folder.");

    private static CheckpointException? IsNotFolder(string folder)
    {
        if (File.Exists(folder)) return CheckpointException.OfFolder(folder, "is a file; expected a checkpoint's folder.");
        return Directory.Exists(folder) ? null : CheckpointException.OfFolder(folder, "there is no such folder; expected a checkpoint's.");
    }

    private static string[] Names(string folder) =>
        SourceFile.Try(folder, () => Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray());

    private static string Has(string[] names) => names.Length == 0 ? "it is empty" : $"it has {Show.Names(names, MostNames)}";

    private static bool IsPickle(string name) => Path.GetExtension(name) is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl";
}
