namespace Onnx.Llama.Kernels.Native;

/// <summary>A node as its kernel is made: attributes and constant inputs.</summary>
internal readonly struct KernelInfo(nint handle)
{
    public long Integer(string name) => OrtApi.AttributeInteger(handle, name);

    public int Size(string name, int least, int most)
    {
        long value = Integer(name);
        return value >= least && value <= most ? (int)value : throw new KernelException(name, $"is {value}; expected {least} to {most}.");
    }

    public bool Flag(string name) => Integer(name) != 0;

    public float Float(string name) => OrtApi.AttributeFloat(handle, name);

    public string Text(string name) => OrtApi.AttributeString(handle, name);

    /// <summary>An input that must be an initializer.</summary>
    /// <exception cref="KernelException">It is computed or given at run time.</exception>
    public TensorView Constant(int index) => OrtApi.ConstantInput(handle, index) is not 0 and nint value
        ? new TensorView(value)
        : throw new KernelException($"input {index}", "is not constant; expected an initializer.");
}
