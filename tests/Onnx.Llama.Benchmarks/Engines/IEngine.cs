namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>Something that runs a model folder: one sequence, a prompt and then tokens one by one.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Its name in the results.</summary>
    public string Name { get; }

    /// <summary>Runs a prompt up to its first token, then as many tokens; returns the seconds of both.</summary>
    public (double Prefill, double Decode) Run(int[] prompt, int generate);
}
