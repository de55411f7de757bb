using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>An engine as it is measured: a process for each figure.</summary>
internal abstract class Contestant(string name)
{
    /// <summary>Its name on the command line and in results.</summary>
    public string Name => name;

    /// <summary>Why it has no figure of a model and scenario; null where it has one.</summary>
    public virtual string? Excuse(ComparedModel model, Scenario scenario) => null;

    /// <summary>The process that measures.</summary>
    public abstract ProcessStartInfo Command(ComparedModel model, Scenario scenario, ComparisonSettings settings);

    /// <summary>The figure in what that process printed.</summary>
    public abstract Figure Read(string output, Scenario scenario);
}

/// <summary>An engine that this program runs itself, by its verb <c>measure</c>.</summary>
/// <param name="name">Its name in results.</param>
/// <param name="engine">Its name as the verb knows it.</param>
/// <param name="instructions">The form that our kernels are forced to; null leaves them the best.</param>
internal sealed class OwnContestant(string name, string engine, string? instructions = null) : Contestant(name)
{
    public override string? Excuse(ComparedModel model, Scenario scenario) =>
        engine == "read" && scenario is not { Kind: ScenarioKind.Decode, Sequences: 1 } ? "reading alone bounds one sequence's steps only" : null;

    public override ProcessStartInfo Command(ComparedModel model, Scenario scenario, ComparisonSettings settings)
    {
        string[] options =
        [
            "--threads", Text(settings.Threads), "--generate", Text(settings.Generate), "--repeat", Text(settings.Repeat), "--bytes", Text(model.StepBytes),
        ];
        ProcessStartInfo command = Pinned.Command(settings.Threads, [Environment.ProcessPath!, "measure", engine, model.Folder, scenario.Name, .. options]);
        if (instructions is not null) command.Environment[Kernels.Forms.Processor.Variable] = instructions;
        return command;
    }

    public override Figure Read(string output, Scenario scenario) => JsonSerializer.Deserialize(output, ComparisonJson.Default.Figure)!;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Commands that may use a few CPUs only.</summary>
internal static class Pinned
{
    /// <summary>A command on as many CPUs, each of another core.</summary>
    public static ProcessStartInfo Command(int threads, string[] words) => new("taskset", ["-c", string.Join(',', Linux.OneCpuPerCore(threads)), .. words]);
}
