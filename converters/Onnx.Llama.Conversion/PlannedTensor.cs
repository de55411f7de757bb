using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion;

/// <summary>A tensor of the converted model.</summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Form">How it is stored.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Length of a row.</param>
/// <param name="Bytes">Bytes in the data file.</param>
/// <param name="Sources">The checkpoint's tensors that it is made of; none for tables that are computed.</param>
public sealed record PlannedTensor(string Name, string Form, long Rows, int Columns, long Bytes, IReadOnlyList<TensorInfo> Sources);
