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

    /// <summary>One of a few values, each with its name.</summary>
    public static Option<T> Named<T>(string name, string description, params (string Name, T Value)[] known)
    {
        string[] names = [.. known.Select(value => value.Name)];
        return new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                int found = Array.IndexOf(names, result.Tokens[0].Value);
                if (found >= 0) return known[found].Value;
                result.AddError($"{name} is '{result.Tokens[0].Value}'; expected {string.Join(", ", names[..^1])} or {names[^1]}.");
                return default;
            },
        };
    }

    /// <summary>How the vector of a text is made, where a checkpoint does not say.</summary>
    public static Option<Pooling?> Pooling() => Named<Pooling?>(
        "--pooling",
        "For a model of sentence vectors without modules.json: how the vector of a text is made of its tokens' vectors.",
        ("mean", Conversion.Heads.Pooling.Mean), ("last", Conversion.Heads.Pooling.Last));

    /// <summary>Machine-readable output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Machine-readable output of many results.</summary>
    public static Option<bool> JsonLines() => new("--json") { Description = "Print a JSON object for each text, one a line." };

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
