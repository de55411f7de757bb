namespace Onnx.Llama.Manifest;

/// <summary>The one field that every form of onnx_llama.json has, read first: of a newer form nothing else is known.</summary>
/// <param name="SchemaVersion">The form of the file.</param>
internal sealed record ModelSchema(int SchemaVersion);
