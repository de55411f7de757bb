using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>
/// llama.cpp as node-llama-cpp ships it, measured by the bench.mjs of a folder outside of this project: weights repacked at load, flash attention,
/// half-precision cache, its own threads put on CPUs of their own by the folder's pin.so.
/// </summary>
internal sealed class LlamaCppContestant(string folder) : Contestant(EngineName)
{
    /// <summary>Its name in results.</summary>
    public const string EngineName = "llama.cpp";

    /// <summary>Versions, once it has been measured.</summary>
    public string? Version { get; private set; }

    public override string? Excuse(ComparedModel model, Scenario scenario) => model.Gguf is null ? "no GGUF of this precision" : null;

    public override ProcessStartInfo Command(ComparedModel model, Scenario scenario, ComparisonSettings settings)
    {
        bool decode = scenario.Kind == ScenarioKind.Decode;
        bool once = scenario.Kind == ScenarioKind.Load;
        ProcessStartInfo command = Pinned.Command(settings.Threads,
        [
            "node", Path.Combine(folder, "bench.mjs"), model.Gguf!, "--threads", Text(settings.Threads), "--batch", Text(scenario.Sequences),
            "--prefill", Text(decode ? 0 : scenario.Prompt), "--depth", Text(decode ? scenario.Prompt : 0), "--decode", Text(decode ? settings.Generate : 0),
            "--reps", Text(once ? 1 : settings.Repeat), "--warmup", Text(once ? 0 : 1),
        ]);
        command.Environment["UV_THREADPOOL_SIZE"] = "1";
        command.Environment["LD_PRELOAD"] = Path.Combine(folder, "pin.so");
        return command;
    }

    public override Figure Read(string output, Scenario scenario)
    {
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement root = document.RootElement;
        Version = $"{root.GetProperty("llama_cpp")} (node-llama-cpp {root.GetProperty("node_llama_cpp")}, {root.GetProperty("backend")})";
        JsonElement speed = scenario.Kind == ScenarioKind.Decode
            ? root.GetProperty("tg_tok_s").GetProperty(Text(scenario.Prompt))
            : root.GetProperty("pp_tok_s");
        double median = speed.GetProperty("median").GetDouble();
        if (scenario.Kind != ScenarioKind.Load) return new Figure(median, speed.GetProperty("other_cores").GetDouble());
        double milliseconds = root.GetProperty("load_ms").GetDouble() + root.GetProperty("context_ms").GetDouble();
        return new Figure((milliseconds / 1000) + (1 / median), 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
