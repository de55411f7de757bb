using System.Globalization;
using Onnx.Llama.Checkpoints;
using Onnx.Llama.Conversion.Families;

namespace Onnx.Llama.Conversion.Output;

/// <summary>The rotations of a model's layers, for people.</summary>
internal static class RopeText
{
    /// <summary>One line per rotation, with the number of layers that have it where not all have the same.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<LayerAttention> layers)
    {
        var kinds = layers.GroupBy(layer => layer.Rope).ToList();
        return [.. kinds.Select(kind => kinds.Count == 1
            ? Describe(kind.Key)
            : string.Create(CultureInfo.InvariantCulture, $"{Describe(kind.Key)} ({kind.Count()} layers)"))];
    }

    private static string Describe(RopeConfig? rope)
    {
        if (rope is null) return "none";
        FormattableString text = rope switch
        {
            RopeConfig.Linear linear => $"linear, theta {rope.Theta}, factor {linear.Factor}",
            RopeConfig.Dynamic dynamic => $"dynamic, theta {rope.Theta}, factor {dynamic.Factor}",
            RopeConfig.Yarn yarn => $"yarn, theta {rope.Theta}, factor {yarn.Factor}, original context {yarn.OriginalMaxPositions}",
            RopeConfig.Llama3 llama3 => $"llama3, theta {rope.Theta}, factor {llama3.Factor}, original context {llama3.OriginalMaxPositions}",
            RopeConfig.LongRope longRope => $"longrope, theta {rope.Theta}, original context {longRope.OriginalMaxPositions}",
            _ => $"default, theta {rope.Theta}",
        };
        string described = text.ToString(CultureInfo.InvariantCulture);
        return rope.PartialRotaryFactor == 1 ? described : string.Create(CultureInfo.InvariantCulture, $"{described}, {rope.PartialRotaryFactor:P0} of a head");
    }
}
