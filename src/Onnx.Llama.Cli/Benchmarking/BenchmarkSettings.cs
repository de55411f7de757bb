namespace Onnx.Llama.Cli.Benchmarking;

/// <summary>What is measured.</summary>
/// <param name="Prompt">Tokens of a prompt.</param>
/// <param name="Generate">Tokens generated after it.</param>
/// <param name="Depth">Tokens that are in the cache before the prompt.</param>
/// <param name="Batch">Sequences that generate together.</param>
/// <param name="Repeat">Runs counted; one more comes first, uncounted.</param>
internal sealed record BenchmarkSettings(int Prompt, int Generate, int Depth, int Batch, int Repeat);
