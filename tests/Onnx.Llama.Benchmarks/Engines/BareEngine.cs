using System.Diagnostics;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Onnx.Llama.Benchmarks.Engines;

/// <summary>
/// The loop that one would write by hand over ONNX Runtime, done well: inputs and outputs bound, past and present in one buffer, logits of the last
/// position only. Nothing checks, counts or can be cancelled.
/// </summary>
internal sealed class BareEngine : IEngine
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    public BareEngine(string folder, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads };
        _session = new InferenceSession(Path.Combine(folder, "model.onnx"), options);
    }

    public string Name => "bare ONNX Runtime";

    public (double Prefill, double Decode) Run(int[] prompt, int generate)
    {
        int capacity = prompt.Length + generate;
        List<OrtValue> caches = Caches(capacity);
        int vocabulary = _session.OutputMetadata["logits"].Dimensions[2];
        using OrtValue logits = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [1, 1, vocabulary]);
        using OrtValue last = OrtValue.CreateTensorValueFromMemory(new long[] { -1 }, [1]);

        long start = Stopwatch.GetTimestamp();
        int token = Bound([.. prompt.Select(id => (long)id)], binding => Step(binding, prompt.Length));
        double prefill = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        long[] next = [token];
        Bound(next, binding =>
        {
            for (int i = 0; i < generate; i++)
            {
                next[0] = token;
                token = Step(binding, prompt.Length + i + 1);
            }

            return token;
        });
        double decode = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (OrtValue cache in caches) cache.Dispose();
        return (prefill, decode);

        int Bound(long[] ids, Func<OrtIoBinding, int> steps)
        {
            using OrtIoBinding binding = _session.CreateIoBinding();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
            binding.BindInput("input_ids", input);
            binding.BindInput("logits_from", last);
            binding.BindOutput("logits", logits);
            string[] pasts = [.. _session.InputMetadata.Keys.Where(name => name.StartsWith("past_key_values.", StringComparison.Ordinal))];
            for (int i = 0; i < pasts.Length; i++)
            {
                binding.BindInput(pasts[i], caches[i]);
                binding.BindOutput(pasts[i].Replace("past_key_values.", "present.", StringComparison.Ordinal), caches[i]);
            }

            return steps(binding);
        }

        int Step(OrtIoBinding binding, int total)
        {
            long[] ones = new long[total];
            Array.Fill(ones, 1);
            using OrtValue mask = OrtValue.CreateTensorValueFromMemory(ones, [1, total]);
            binding.BindInput("attention_mask", mask);
            _session.RunWithBinding(_runOptions, binding);
            return TensorPrimitives.IndexOfMax(logits.GetTensorDataAsSpan<float>());
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private List<OrtValue> Caches(int capacity)
    {
        List<OrtValue> caches = [];
        foreach ((string name, NodeMetadata input) in _session.InputMetadata)
        {
            if (!name.StartsWith("past_key_values.", StringComparison.Ordinal)) continue;
            long[] shape = [1, input.Dimensions[1], capacity, input.Dimensions[3]];
            caches.Add(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape));
        }

        return caches;
    }
}
