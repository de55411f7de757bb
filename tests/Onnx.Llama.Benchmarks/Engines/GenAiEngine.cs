using System.Diagnostics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>Microsoft.ML.OnnxRuntimeGenAI on the same folder, unmodified. Its number of threads is ONNX Runtime's default, the physical cores.</summary>
internal sealed class GenAiEngine(string folder) : IEngine
{
    private readonly Model _model = new(folder);

    public string Name => "OnnxRuntimeGenAI";

    public (double Prefill, double Decode) Run(int[] prompt, int generate)
    {
        using GeneratorParams parameters = new(_model);
        int length = prompt.Length + generate + 1;
        parameters.SetSearchOption("max_length", length);
        parameters.SetSearchOption("min_length", length);
        parameters.SetSearchOption("do_sample", false);
        using Generator generator = new(_model, parameters);
        long start = Stopwatch.GetTimestamp();
        generator.AppendTokens(prompt);
        generator.GenerateNextToken();
        double prefill = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < generate; i++) generator.GenerateNextToken();
        return (prefill, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public void Dispose() => _model.Dispose();
}
