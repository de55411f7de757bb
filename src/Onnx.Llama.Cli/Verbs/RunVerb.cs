using System.CommandLine;
using Onnx.Llama.Cli.CommandLine;

namespace Onnx.Llama.Cli.Verbs;

internal static class RunVerb
{
    public static Command Create(Interrupts interrupts) => new("run", interrupts.ToString());
}
