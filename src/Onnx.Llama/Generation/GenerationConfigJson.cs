using System.Text.Json.Serialization;

namespace Onnx.Llama.Generation;

[JsonSerializable(typeof(GenerationConfig))]
internal sealed partial class GenerationConfigJson : JsonSerializerContext;
