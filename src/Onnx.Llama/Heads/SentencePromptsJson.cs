using System.Text.Json.Serialization;

namespace Onnx.Llama.Heads;

[JsonSerializable(typeof(SentencePrompts))]
internal sealed partial class SentencePromptsJson : JsonSerializerContext;
