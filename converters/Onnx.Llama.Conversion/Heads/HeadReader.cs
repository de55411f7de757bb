using System.Globalization;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion.Heads;

/// <summary>Finds out what a checkpoint is for: its architecture's name says whether it classifies, modules.json (sentence-transformers) that it embeds.</summary>
internal static class HeadReader
{
    private const string ArchitecturesKey = "architectures";

    /// <summary>Far more than any classifier has; a config alone must not take memory for as many as it likes.</summary>
    private const int MostLabels = 1 << 20;

    /// <summary>The head of a checkpoint.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="config">Its config.</param>
    /// <param name="pooling">How to pool where no modules.json says it; null where that is not known.</param>
    public static ModelHead Of(string folder, HfConfig config, Pooling? pooling)
    {
        IReadOnlyList<string> architectures = config.Texts(ArchitecturesKey);
        if (architectures.Any(name => name.EndsWith("ForSequenceClassification", StringComparison.Ordinal))) return Classify(config, pooling);
        if (SentenceModule.Load(folder) is { Count: > 0 } modules) return Embed(folder, modules, pooling);
        if (pooling is { } asked) return new ModelHead.Embed(asked, Normalized: true);
        string[] ofText = ["ForCausalLM", "ForConditionalGeneration"];
        return architectures.Count == 0 || architectures.Any(name => ofText.Any(end => name.EndsWith(end, StringComparison.Ordinal)))
            ? new ModelHead.Text()
            : throw config.Refuse(
                ArchitecturesKey,
                $"'{architectures[0]}'",
                $"a name that ends in ForCausalLM or ForSequenceClassification, or {SentenceModule.FileName} beside it",
                "For a model of sentence vectors say --pooling mean or --pooling last.");
    }

    private static ModelHead.Classify Classify(HfConfig config, Pooling? pooling)
    {
        if (pooling is not null) throw new ConversionException("--pooling", "is given for a classifier; expected a model of sentence vectors. Leave it out.");
        string[] labels = Labels(config);
        return new ModelHead.Classify(labels, Function(config, labels.Length));
    }

    /// <summary>As the text-classification pipeline of transformers chooses it.</summary>
    private static ScoreFunction? Function(HfConfig config, int labels) => config.OptionalText("problem_type") switch
    {
        null when labels == 1 => ScoreFunction.Sigmoid,
        null => ScoreFunction.Softmax,
        "single_label_classification" => labels == 1 ? ScoreFunction.Sigmoid : ScoreFunction.Softmax,
        "multi_label_classification" => ScoreFunction.Sigmoid,
        "regression" => null,
        { } other => throw config.Refuse("problem_type", $"'{other}'", "single_label_classification, multi_label_classification or regression", ""),
    };

    private static ModelHead.Embed Embed(string folder, IReadOnlyList<SentenceModule> modules, Pooling? pooling)
    {
        bool normalized = modules[^1].Kind == "Normalize";
        if (modules.Count == (normalized ? 3 : 2) && modules[0].Kind == "Transformer" && modules[1] is { Kind: "Pooling", Settings: { } settings })
        {
            Pooling stated = PoolingOf(settings);
            if ((pooling ?? stated) == stated) return new ModelHead.Embed(stated, normalized);
            throw new ConversionException("--pooling", $"is {pooling}, but {settings.File} says {stated}; expected the same. Leave the option out.");
        }

        throw new ConversionException(
            Path.Combine(folder, SentenceModule.FileName),
            $"is {string.Join(", ", modules.Select(module => module.Kind))}; expected Transformer, Pooling with its config.json, and perhaps Normalize. "
            + "Other modules are not supported.");
    }

    private static Pooling PoolingOf(ConfigObject settings)
    {
        const string Prefix = "pooling_mode_";
        if (!settings.Flag("include_prompt", true))
        {
            throw new ConversionException(settings.File, "'include_prompt' is false; expected true. Vectors that leave the prompt's tokens out are not supported.");
        }

        string[] on = [.. settings.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && settings.Flag(key, false))];
        return on switch
        {
            ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_lasttoken"] => Pooling.Last,
            _ => throw new ConversionException(
                settings.File,
                $"switches on {(on.Length == 0 ? "nothing" : string.Join(", ", on))}; expected one of pooling_mode_mean_tokens and pooling_mode_lasttoken. "
                + "Other poolings are not supported."),
        };
    }

    /// <summary>id2label; else num_labels numbered ones, 2 in transformers where neither is there.</summary>
    private static string[] Labels(HfConfig config)
    {
        const string NamesKey = "id2label";
        int? count = config.OptionalSize("num_labels");
        if (count > MostLabels) throw config.Refuse("num_labels", string.Create(CultureInfo.InvariantCulture, $"{count}"), $"at most {MostLabels}", "");
        if (config.Section(NamesKey) is not { } names) return [.. Enumerable.Range(0, count ?? 2).Select(id => string.Create(CultureInfo.InvariantCulture, $"LABEL_{id}"))];
        string[] keys = [.. names.Keys];
        if (count is { } stated && stated != keys.Length)
        {
            throw config.Refuse("num_labels", $"{stated}, but '{NamesKey}' has {keys.Length}", "the same in both", "Remove the one that is wrong.");
        }

        string[] labels = new string[keys.Length];
        foreach (string key in keys)
        {
            bool known = int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id < labels.Length && labels[id] is null;
            if (!known) throw config.Refuse(NamesKey, $"an object with a key '{key}'", $"keys 0 to {labels.Length - 1}", "");
            labels[id] = names.Text(key);
        }

        return labels;
    }
}
