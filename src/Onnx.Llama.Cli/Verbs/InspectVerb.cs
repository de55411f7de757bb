using System.CommandLine;
using System.Text.Json;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Inspection;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>inspect MODEL</c>: what a model is made of, without running it.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        Argument<string> folder = CommonOptions.Folder("MODEL", "A converted model's folder, or a checkpoint's.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect", "Show a model's sizes, weights, caches, graphs, and where it can run.") { folder, json };
        command.SetAction((parsed, _) =>
        {
            ModelInspection model = Inspector.Inspect(parsed.GetRequiredValue(folder));
            Console.Out.Write(parsed.GetValue(json)
                ? JsonSerializer.Serialize(model, ModelInspectionJson.Default.ModelInspection) + "\n"
                : InspectionText.Of(model));
            return Task.FromResult(ExitCodes.Done);
        });
        return command.WithExamples(
            "onnx-llama inspect ./Llama-3.2-1B-int4            a converted model",
            "onnx-llama inspect ./Llama-3.2-1B-Instruct        a checkpoint, and the graph that convert would make",
            "onnx-llama inspect ./Llama-3.2-1B-int4 --json     for programs");
    }
}
