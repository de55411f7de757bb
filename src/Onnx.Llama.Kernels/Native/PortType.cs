namespace Onnx.Llama.Kernels.Native;

/// <summary>Element types, as ONNXTensorElementDataType numbers them.</summary>
internal enum PortType
{
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
}
