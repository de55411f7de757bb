using System.Diagnostics;
using System.Text.Json;
using Onnx.Llama.Cli.Tests.EndToEnd;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Caching;

/// <summary>A cache of one test, and int4 models that fill it. Every run of the tool is a process of its own.</summary>
internal sealed class PrivateCache : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The cache's folder.</summary>
    public string Path => _folder["cache"];

    /// <summary>The folder of packed weights.</summary>
    public string Kernels => System.IO.Path.Combine(Path, "kernels");

    /// <summary>The entries of packed weights.</summary>
    public string[] Packed => Directory.Exists(Kernels) ? [.. Directory.GetDirectories(Kernels).Order(StringComparer.Ordinal)] : [];

    /// <summary>Another path, beside the cache.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Converts a random checkpoint to int4.</summary>
    public string Model(string name, ReferenceConfig? config = null, ulong seed = 1)
    {
        string source = TinyCheckpoint.Write(_folder[name + "-source"], config ?? TinyCheckpoint.Default, new CheckpointOptions { Seed = seed });
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = PrecisionRecipe.Int4 });
        return plan.Write(_folder[name], progress: null, TestContext.Current.CancellationToken).Folder;
    }

    /// <summary>Opens a model and runs a token or two.</summary>
    public Task<ToolRun> BenchAsync(string model, params (string Name, string Value)[] environment) =>
        RunAsync(["bench", model, "--prompt", "2", "--generate", "1", "--repeat", "1", "--threads", "1", "--json"], environment);

    /// <summary>Runs the tool over this cache.</summary>
    public async Task<ToolRun> RunAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        await ToolRun.OfAsync(StartInfo(arguments, environment));

    /// <summary>How to run the tool over this cache.</summary>
    public ProcessStartInfo StartInfo(string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo info = ToolRun.StartInfo(arguments);
        info.Environment["ONNX_LLAMA_CACHE"] = Path;
        foreach ((string name, string value) in environment) info.Environment[name] = value;
        return info;
    }

    /// <summary>Runs the tool with --json, which must end with that code.</summary>
    public async Task<JsonElement> JsonAsync(int code, params string[] arguments)
    {
        ToolRun run = await RunAsync([.. arguments, "--json"]);
        Assert.True(run.ExitCode == code, run.Error + run.Output);
        return JsonElement.Parse(run.Output);
    }

    public void Dispose() => _folder.Dispose();
}
