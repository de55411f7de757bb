using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>Adds examples to the help of a verb.</summary>
internal static class Examples
{
    /// <summary>Prints the lines after the verb's help.</summary>
    public static Command WithExamples(this Command command, params IReadOnlyList<string> lines)
    {
        HelpOption help = new();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, lines);
        command.Options.Add(help);
        return command;
    }

    private sealed class HelpWithExamples(HelpAction help, IReadOnlyList<string> lines) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string line in lines) output.WriteLine("  " + line);
            output.WriteLine();
            return code;
        }
    }
}
