using System.Text.Json.Serialization;

namespace Onnx.Llama.Manifest;

/// <summary>How the files are written, and what of the records must be there. Unknown fields are passed over: other tools and later versions add some.</summary>
/// <remarks>The generated code sets every init property, those absent from the file to null or 0: defaults stand in constructors or in getters, never in initialisers.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(GenAiConfig))]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(ModelSchema))]
internal sealed partial class ManifestJson : JsonSerializerContext;
