using System.CommandLine;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>The options that say where and how a model runs, the same for every verb that runs one.</summary>
internal sealed class RuntimeArguments
{
    private readonly Option<Provider> _provider = CommonOptions.Named(
        "--provider",
        "Where to run; auto takes the first of cuda, dml and cpu that the model, this tool and the machine have.",
        ("auto", Provider.Auto), ("cpu", Provider.Cpu), ("cuda", Provider.Cuda), ("dml", Provider.DirectMl));

    private readonly Option<string?> _variant = new("--variant")
    {
        Description = "The graph to run: cpu, cuda, dml or a file's name; with --provider it runs there, whatever it was made for.",
        HelpName = "NAME",
    };

    private readonly Option<KernelChoice> _kernels = CommonOptions.Named(
        "--kernels",
        "What computes on the CPU: this tool's own kernels where they know an operator (auto), or ONNX Runtime's operators alone (stock).",
        ("auto", KernelChoice.Auto), ("stock", KernelChoice.Stock));

    private readonly Option<int?> _threads = CommonOptions.Positive("--threads", "Threads that compute; by default one for each physical core.");

    public void AddTo(Command command)
    {
        command.Options.Add(_provider);
        command.Options.Add(_variant);
        command.Options.Add(_kernels);
        command.Options.Add(_threads);
    }

    /// <summary>What was given; for the rest the defaults.</summary>
    public ModelOptions Read(ParseResult parsed) => new()
    {
        Provider = parsed.GetValue(_provider),
        Variant = parsed.GetValue(_variant),
        Kernels = parsed.GetValue(_kernels),
        Threads = parsed.GetValue(_threads),
    };
}
