namespace Onnx.Llama.Graph;

/// <summary>Keys of a tensor's external_data entries, as ONNX spells them.</summary>
internal static class ExternalKeys
{
    public const string Location = "location";
    public const string Offset = "offset";
    public const string Length = "length";
}
