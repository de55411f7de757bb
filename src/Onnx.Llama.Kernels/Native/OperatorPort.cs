namespace Onnx.Llama.Kernels.Native;

/// <summary>An input or output of an operator.</summary>
/// <param name="Type">Its elements.</param>
/// <param name="Optional">Whether a node may leave it out.</param>
internal readonly record struct OperatorPort(PortType Type, bool Optional = false);
