namespace Onnx.Llama.Testing;

/// <summary>How a made checkpoint stores its weights.</summary>
public enum StoredFloat
{
    /// <summary>bfloat16, safetensors' BF16.</summary>
    BF16,

    /// <summary>float16, safetensors' F16.</summary>
    F16,

    /// <summary>float32, safetensors' F32.</summary>
    F32,
}
