using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Families;

/// <summary>A family of models: how its config.json is read.</summary>
/// <param name="ModelType">The name in config.json.</param>
/// <param name="Models">What people call the models.</param>
/// <param name="Describe">Reads the facts; refuses settings that are not implemented.</param>
public sealed record ModelFamily(string ModelType, string Models, Func<HfConfig, DecoderSpec> Describe);
