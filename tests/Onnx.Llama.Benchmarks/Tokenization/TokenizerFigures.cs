using System.Text.Json.Serialization;
using Onnx.Llama.Cli.Benchmarking;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>What one library does with one vocabulary.</summary>
/// <param name="Vocabulary">The folder's name.</param>
/// <param name="Engine">The library.</param>
/// <param name="SameIds">Whether its ids of the text are ours.</param>
/// <param name="LoadMilliseconds">To read the files.</param>
/// <param name="ColdMegabytesPerSecond">Encoding a text as the first thing after loading: MB of UTF-8.</param>
/// <param name="WarmMegabytesPerSecond">Encoding it again.</param>
/// <param name="DecodeMegabytesPerSecond">Decoding its ids.</param>
internal sealed record TokenizerFigures(
    string Vocabulary, string Engine, bool SameIds, Spread LoadMilliseconds, Spread ColdMegabytesPerSecond, Spread WarmMegabytesPerSecond, Spread DecodeMegabytesPerSecond);

/// <summary>A template's time for a chat.</summary>
/// <param name="Template">The file's name.</param>
/// <param name="Microseconds">To render it once.</param>
internal sealed record TemplateFigures(string Template, Spread Microseconds);

/// <summary>What was measured, where, with what.</summary>
internal sealed record TextReport(string Processor, string DotNet, IReadOnlyDictionary<string, string> Versions, int Rounds, IReadOnlyList<TokenizerFigures> Tokenizers)
{
    /// <summary>Loading a made-up vocabulary of so many pieces, in milliseconds.</summary>
    public IReadOnlyDictionary<string, Spread> SyntheticLoadMilliseconds { get; init; } = new Dictionary<string, Spread>();

    /// <summary>Rendering a chat of 20 messages.</summary>
    public IReadOnlyList<TemplateFigures> Templates { get; init; } = [];
}

/// <summary>The report's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(TextReport))]
internal sealed partial class TextReportJson : JsonSerializerContext;
