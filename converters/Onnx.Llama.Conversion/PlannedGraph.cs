using Onnx.Llama.Graph;

namespace Onnx.Llama.Conversion;

/// <summary>A graph of the converted model.</summary>
/// <param name="Target">What it is made for.</param>
/// <param name="Model">The graph.</param>
public sealed record PlannedGraph(GraphTarget Target, OnnxModel Model);
