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
        if (File.Exists(folder)) return CheckpointException.OfFolder(folder, "is a file; expected a checkpoint's folder.");
        if (!Directory.Exists(folder)) return CheckpointException.OfFolder(folder, "there is no such folder; expected a checkpoint's.");
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (names.Length == 0) return CheckpointException.OfFolder(folder, $"the folder is empty; expected {SingleFile} or {ShardIndex.FileName}.");
        string advice = names.Any(IsPickle)
            ? " Pickle files can run code and are never read: download the safetensors version, or save the model again with save_pretrained(folder, safe_serialization=True)."
            : "";
        return CheckpointException.OfFolder(folder, $"has neither {SingleFile} nor {ShardIndex.FileName}; it has {Show.Names(names, MostNames)}.{advice}");
    }

    private static bool IsPickle(string name) => Path.GetExtension(name) is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl";
}
