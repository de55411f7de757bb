using System.CommandLine;
using System.Diagnostics;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Benchmarks;

/// <summary><c>checkpoint CONFIG OUT</c>: random weights of a config's sizes, so that speed can be measured without downloading a model.</summary>
internal static class CheckpointCommand
{
    public static Command Create()
    {
        Argument<FileInfo> config = new Argument<FileInfo>("CONFIG") { Description = "A Llama's config.json." }.AcceptExistingOnly();
        Argument<DirectoryInfo> output = new("OUT") { Description = "The folder to write; created where absent." };
        Option<ulong> seed = new("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
        Option<StoredFloat> dtype = new("--dtype") { Description = "How weights are stored: bf16, f16 or f32.", DefaultValueFactory = _ => StoredFloat.BF16 };
        Option<int> shards = new("--shards") { Description = "Files to spread the weights over.", DefaultValueFactory = _ => 1 };
        Option<FileInfo?> tokenizer = new Option<FileInfo?>("--tokenizer") { Description = "A tokenizer.json to copy into the folder." };
        Option<FileInfo?> reference = new("--reference") { Description = "Also write reference values for verify, of the plain forward pass: tiny models only." };

        Command command = new("checkpoint", "Writes a checkpoint of random weights.") { config, output, seed, dtype, shards, tokenizer, reference };
        command.SetAction(result =>
        {
            DirectoryInfo folder = result.GetRequiredValue(output);
            Write(result.GetRequiredValue(config), folder, new CheckpointOptions
            {
                Seed = result.GetValue(seed),
                DType = result.GetValue(dtype),
                Shards = result.GetValue(shards),
                TokenizerPath = result.GetValue(tokenizer)?.FullName,
            });
            if (result.GetValue(reference) is { } file) ReferenceValues.Write(folder.FullName, file.FullName);
        });
        return command;
    }

    private static void Write(FileInfo config, DirectoryInfo output, CheckpointOptions options)
    {
        Stopwatch time = Stopwatch.StartNew();
        TinyCheckpoint.Write(output.FullName, File.ReadAllText(config.FullName), options);
        double megabytes = output.EnumerateFiles("*.safetensors").Sum(file => file.Length) / 1e6;
        double seconds = time.Elapsed.TotalSeconds;
        Console.WriteLine(FormattableString.Invariant($"{megabytes:F0} MB in {seconds:F1} s ({megabytes / seconds:F0} MB/s)"));
    }
}
