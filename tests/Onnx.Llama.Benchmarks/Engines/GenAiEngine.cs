using System.Diagnostics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>Microsoft.ML.OnnxRuntimeGenAI on the same folder, unmodified but for the number of threads.</summary>
internal sealed class GenAiEngine : IEngine
{
    private readonly Model _model;
    private int[] _prompt = [];
    private int _room;
    private int _sequences;
    private GeneratorParams? _parameters;
    private Generator? _generator;

    public GenAiEngine(string folder, int threads)
    {
        using Config config = new(folder);
        config.Overlay(FormattableString.Invariant($$$"""{ "model": { "decoder": { "session_options": { "intra_op_num_threads": {{{threads}}} } } } }"""));
        _model = new Model(config);
    }

    public double Prefill(int[] prompt, int sequences, int room)
    {
        Release();
        (_prompt, _sequences, _room) = (prompt, sequences, room);
        int length = prompt.Length + room + 1;
        _parameters = new GeneratorParams(_model);
        _parameters.SetSearchOption("batch_size", sequences);
        _parameters.SetSearchOption("max_length", length);
        // Random weights may want to end: as long as the shortest text is not reached, they cannot.
        _parameters.SetSearchOption("min_length", length);
        _parameters.SetSearchOption("do_sample", false);
        _generator = new Generator(_model, _parameters);
        long start = Stopwatch.GetTimestamp();
        _generator.AppendTokens([.. Enumerable.Repeat(prompt, sequences).SelectMany(ids => ids)]);
        _generator.GenerateNextToken();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double Decode(int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < tokens; i++) _generator!.GenerateNextToken();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Rewind()
    {
        if (_sequences > 1)
        {
            // Several sequences can only be taken back to nothing.
            Prefill(_prompt, _sequences, _room);
            return;
        }

        _generator!.RewindTo((ulong)_prompt.Length - 1);
        _generator.AppendTokens([_prompt[^1]]);
        _generator.GenerateNextToken();
    }

    public void Dispose()
    {
        Release();
        _model.Dispose();
    }

    private void Release()
    {
        _generator?.Dispose();
        _parameters?.Dispose();
    }
}
