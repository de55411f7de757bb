namespace Onnx.Llama.Kernels.Operators;

/// <summary>Attributes of the operators that take packed weights.</summary>
internal static class ProductAttributes
{
    public const string N = "N";
    public const string K = "K";
    public const string Bits = "bits";
    public const string Block = "block_size";
    public const string Asymmetric = "asymmetric";
    public const string Type = "weight_type";
    public const string Lanes = "lanes";
    public const string ScaleExponent = "scale_exponent";
    public const string Gate = "gate";
}
