using System.CommandLine;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Cli.Running;

/// <summary>The options that say how tokens are chosen.</summary>
internal sealed class SamplingArguments
{
    private readonly Option<double?> _temperature = CommonOptions.Number(
        "--temperature", "Divides the logits; 0 takes the most likely token.", "a number of at least 0", value => value >= 0 && double.IsFinite(value));

    private readonly Option<int?> _topK = CommonOptions.AtLeast("--top-k", 0, "Keeps so many of the likeliest tokens; 0 for all.");

    private readonly Option<double?> _topP = CommonOptions.Number(
        "--top-p", "Keeps the likeliest tokens up to this sum of probabilities.", "a number above 0 and at most 1", value => value is > 0 and <= 1);

    private readonly Option<double?> _minP = CommonOptions.Number(
        "--min-p", "Keeps tokens at least this share as likely as the likeliest.", "a number from 0 to 1", value => value is >= 0 and <= 1);

    private readonly Option<long?> _seed = new("--seed") { Description = "The same seed gives the same text." };

    public void AddTo(Command command)
    {
        command.Options.Add(_temperature);
        command.Options.Add(_topK);
        command.Options.Add(_topP);
        command.Options.Add(_minP);
        command.Options.Add(_seed);
    }

    /// <summary>The model's own sampling with what was given. Whoever gives any of these without a temperature wants to draw, so a greedy default gives way.</summary>
    public SamplingOptions? Read(ParseResult parsed, SamplingOptions ofModel)
    {
        double? temperature = parsed.GetValue(_temperature);
        int? topK = parsed.GetValue(_topK);
        double? topP = parsed.GetValue(_topP);
        double? minP = parsed.GetValue(_minP);
        long? seed = parsed.GetValue(_seed);
        if ((temperature, topK, topP, minP, seed) == (null, null, null, null, null)) return null;
        float drawing = ofModel.Temperature > 0 ? ofModel.Temperature : 1;
        return ofModel with
        {
            Temperature = (float)(temperature ?? drawing),
            TopK = topK ?? ofModel.TopK,
            TopP = (float)(topP ?? ofModel.TopP),
            MinP = (float)(minP ?? ofModel.MinP),
            Seed = seed ?? ofModel.Seed,
        };
    }
}
