namespace Onnx.Llama.Graph;

/// <summary>An operator: its domain ("" is ONNX's own) and type.</summary>
public readonly record struct OperatorName(string Domain, string Type)
{
    /// <summary>"com.microsoft.MatMulNBits", or the bare type in ONNX's own domain.</summary>
    public override string ToString() => Domain.Length == 0 ? Type : $"{Domain}.{Type}";
}
