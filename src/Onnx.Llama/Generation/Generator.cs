using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Onnx.Llama.Decoding;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Generation;

/// <summary>
/// Continues sequences over one decoder. Callers take turns: a step and the choice of its token are one turn, so that nobody else's step overwrites
/// the logits in between. Waiting for a turn holds no thread.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim without its wait handle holds nothing; disposing it would leave waiters hanging.")]
internal sealed class Generator(IDecoder decoder)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Sampler _sampler = new();

    /// <summary>A new slot.</summary>
    public async ValueTask<KvSlot> RentAsync(int capacity, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return decoder.Rent(capacity);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a slot back, which may move others and so waits for its turn.</summary>
    public async ValueTask ReturnAsync(KvSlot slot)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            slot.Dispose();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Continues a sequence, token by token.</summary>
    public async IAsyncEnumerable<TextDelta> RunAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Answer answer = new(request, decoder.ContextLength);
        long seed = request.Sampling.Seed ?? Random.Shared.NextInt64();
        StepPlan plan = new();
        plan.Add(request.Slot, request.Tokens.Span);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            int token = await NextAsync(plan, request, seed, cancellationToken).ConfigureAwait(false);
            TextDelta delta = answer.Take(token);
            yield return delta;
            if (delta.FinishReason is not null) yield break;
            if (SynchronizationContext.Current is not null) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            plan.Clear();
            plan.Add(request.Slot, [token]);
        }
    }

    private async ValueTask<int> NextAsync(StepPlan plan, GenerationRequest request, long seed, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            MakeRoom(request.Slot, plan[0].Count);
            decoder.Step(plan, cancellationToken);
            return _sampler.Sample(decoder.Logits(0), request.Sampling, seed, request.Slot.Length);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A slot that is too small doubles: the copying is then a constant share of the work.</summary>
    private void MakeRoom(KvSlot slot, int count)
    {
        long needed = (long)slot.Length + count;
        if (needed > slot.Capacity) slot.Grow((int)Math.Max(needed, Math.Min(2L * slot.Capacity, decoder.ContextLength)));
    }
}
