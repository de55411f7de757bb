using System.CommandLine;
using Onnx.Llama.Conversion.Heads;

namespace Onnx.Llama.Cli.CommandLine;

/// <summary>Options of several verbs.</summary>
internal static class CommonOptions
{
    /// <summary>Shows where an error came from.</summary>
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error came from.", Recursive = true };

    /// <summary>A folder; what begins with a dash is a mistyped option.</summary>
    public static Argument<string> Folder(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        RefuseDash(argument);
        return argument;
    }

    /// <summary>A folder that may be left out.</summary>
    public static Argument<string?> OptionalFolder(string name, string description)
    {
        Argument<string?> argument = new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        RefuseDash(argument);
        return argument;
    }

    /// <summary>Threads of a step.</summary>
    public static Option<int?> Threads() => Positive("--threads", "Threads that compute; by default one for each physical core.");

    /// <summary>Where a model runs.</summary>
    public static Option<Provider> Provider()
    {
        Option<Provider> option = new("--provider")
        {
            Description = "Where to run; auto takes the first of cuda, dml and cpu that the model, this tool and the machine have.",
            HelpName = "auto|cpu|cuda|dml",
            CustomParser = result =>
            {
                switch (result.Tokens[0].Value)
                {
                    case "auto": return Llama.Provider.Auto;
                    case "cpu": return Llama.Provider.Cpu;
                    case "cuda": return Llama.Provider.Cuda;
                    case "dml": return Llama.Provider.DirectMl;
                    default:
                        result.AddError($"--provider is '{result.Tokens[0].Value}'; expected auto, cpu, cuda or dml.");
                        return default;
                }
            },
        };
        return option;
    }

    /// <summary>How the vector of a text is made, where a checkpoint does not say.</summary>
    public static Option<Pooling?> Pooling() => new("--pooling")
    {
        Description = "For a model of sentence vectors without modules.json: how the vector of a text is made of its tokens' vectors.",
        HelpName = "mean|last",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "mean": return Conversion.Heads.Pooling.Mean;
                case "last": return Conversion.Heads.Pooling.Last;
                default:
                    result.AddError($"--pooling is '{result.Tokens[0].Value}'; expected mean or last.");
                    return null;
            }
        },
    };

    /// <summary>Machine-readable output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Machine-readable output of many results.</summary>
    public static Option<bool> JsonLines() => new("--json") { Description = "Print a JSON object for each text, one a line." };

    /// <summary>What becomes of texts that are too long.</summary>
    public static Option<bool> Truncate() => new("--truncate") { Description = "Cut off the end of a text that is longer than the model's context, instead of refusing it." };

    /// <summary>A whole number of at least 1.</summary>
    public static Option<int?> Positive(string name, string description) => AtLeast(name, 1, description);

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<int?> AtLeast(string name, int least, string description)
    {
        Option<int?> option = new(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < least)
            {
                result.AddError(FormattableString.Invariant($"{name} is {value}; expected at least {least}."));
            }
        });
        return option;
    }

    /// <summary>A number within bounds.</summary>
    public static Option<double?> Number(string name, string description, string expected, Func<double, bool> isValid)
    {
        Option<double?> option = new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) && isValid(value))
                {
                    return value;
                }

                result.AddError($"{name} is '{text}'; expected {expected}.");
                return null;
            },
        };
        return option;
    }

    private static void RefuseDash(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: ['-', ..] value }]) result.AddError($"'{value}' is not an option of this verb; see --help. A folder of that name is given as ./{value}.");
    });
}
