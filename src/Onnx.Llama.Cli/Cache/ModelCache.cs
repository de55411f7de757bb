using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Progress;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Heads;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Cli.Cache;

/// <summary>Converted checkpoints: a checkpoint's folder can be given where a model's is wanted, and is converted the first time.</summary>
internal static class ModelCache
{
    /// <summary>The model folder that a path stands for: itself, or the cache's conversion of the checkpoint in it.</summary>
    /// <param name="path">A folder.</param>
    /// <param name="pooling">How a checkpoint of sentence vectors pools, where it does not say.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="ModelException">It is neither a model nor a checkpoint.</exception>
    /// <exception cref="UsageException">It is a model, and a pooling is given.</exception>
    public static string Resolve(string path, Pooling? pooling, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(path, GenAiConfig.FileName)) || File.Exists(Path.Combine(path, ModelManifest.FileName)))
        {
            return pooling is null ? path : throw new UsageException($"--pooling is for checkpoints; {path} is converted already.");
        }

        if (!File.Exists(Path.Combine(path, Checkpoints.HfConfig.FileName))) throw Neither(path);
        ConversionOptions options = new() { Pooling = pooling };
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        string version = typeof(ConversionPlan).Assembly.GetName().Version!.ToString(3);
        string key = CheckpointKey.Of(path, $"{version}\n{options.Precision.Name}\n{pooling}\n");
        string folder = Path.Combine(ConvertedModels.Folder, $"{name}-{options.Precision.Name}-{key}");
        if (Directory.Exists(folder)) ConvertedModels.Touch(folder);
        else Convert(path, folder, name, options, cancellationToken);
        return folder;
    }

    private static void Convert(string source, string folder, string name, ConversionOptions options, CancellationToken cancellationToken)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, options);
        foreach (string note in plan.Notes) Console.Error.WriteLine($"note: {note}");
        Console.Error.WriteLine($"converting {name} to {options.Precision.Name}, once, into {folder}");
        try
        {
            ConversionDisplay.Write(name, plan, folder, cancellationToken);
        }
        catch (ConversionException) when (Directory.Exists(folder))
        {
            // Another process was faster.
        }
    }

    private static ModelException Neither(string path)
    {
        string found = Directory.Exists(path)
            ? Directory.EnumerateFileSystemEntries(path).Any() ? $"has neither {GenAiConfig.FileName} nor {Checkpoints.HfConfig.FileName}" : "is empty"
            : File.Exists(path) ? "is a file" : "does not exist";
        return new ModelException(path, found, "a converted model's folder or a checkpoint's", "Give the folder that holds config.json and the safetensors.");
    }
}
