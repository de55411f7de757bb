namespace Onnx.Llama.Manifest;

/// <summary>One graph of a folder.</summary>
/// <param name="File">The graph's file.</param>
/// <param name="Provider">cpu, cuda or dml.</param>
/// <param name="Precision">The weights' precision, as <c>--precision</c> spells it; with <c>-bN</c> where blocks have N weights, not 32.</param>
/// <param name="OnnxRuntime">The least version of ONNX Runtime that runs it.</param>
public sealed record ModelVariant(string File, string Provider, string Precision, string OnnxRuntime);
