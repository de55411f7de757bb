using System.Numerics.Tensors;
using Onnx.Llama.Decoding;

namespace Onnx.Llama.Cli.Verification;

/// <summary>Compares a model's logits and greedy tokens with reference values.</summary>
/// <param name="decoder">The model.</param>
/// <param name="tolerance">What is allowed, as a share of the reference logits' standard deviation.</param>
/// <param name="exactGreedy">Whether greedy tokens must all agree.</param>
internal sealed class Verifier(IDecoder decoder, double tolerance, bool exactGreedy)
{
    /// <summary>Compares what the file has.</summary>
    public VerificationReport Compare(ReferenceFile reference, CancellationToken cancellationToken)
    {
        double deviation = (reference.Logits ?? reference.LongLogits)?.StandardDeviation() ?? 1;
        VerificationReport report = new() { ToleranceInStd = tolerance, Passed = true };
        if (reference is { Ids: { Length: > 0 } ids, Logits: { Rows: > 0 } logits }) report = ComparePrompt(report, ids, logits, deviation, cancellationToken);
        if (reference is { Ids: { Length: > 0 } prompt, Greedy: { Length: > 0 } greedy })
        {
            int matched = MatchGreedy(prompt, greedy, cancellationToken);
            report = report with { GreedyMatched = matched, GreedyTotal = greedy.Length };
        }

        if (reference is { LongIds: { Length: > 0 } longIds, LongLogits: { Rows: > 0 } longLogits })
        {
            report = report with { LongMaxDiffInStd = Differences(longIds, longLogits, cancellationToken).Greatest / deviation };
        }

        return report with { Passed = Passes(report) };
    }

    private bool Passes(VerificationReport report)
    {
        // A NaN is not within any tolerance.
        bool logits = report.MaxDiffInStd is not { } difference || difference <= tolerance;
        bool longLogits = report.LongMaxDiffInStd is not { } longDifference || longDifference <= tolerance;
        return logits && longLogits && (!exactGreedy || report.GreedyMatched == report.GreedyTotal);
    }

    private VerificationReport ComparePrompt(VerificationReport report, int[] ids, LogitTable logits, double deviation, CancellationToken cancellationToken)
    {
        LogitDifferences found = Differences(ids, logits, cancellationToken);
        return report with
        {
            Positions = logits.Rows,
            MaxAbsDiff = found.Greatest,
            MaxDiffInStd = found.Greatest / deviation,
            Top1Agreement = (double)found.SameTop / logits.Rows,
            MeanKl = found.Divergence / logits.Rows,
        };
    }

    /// <summary>Runs a text and compares the logits of its last positions.</summary>
    private LogitDifferences Differences(int[] ids, LogitTable expected, CancellationToken cancellationToken)
    {
        using KvSlot slot = decoder.Rent(ids.Length);
        StepPlan plan = new();
        plan.Add(slot, ids, LogitsWanted.All);
        decoder.Step(plan, cancellationToken);
        LogitDifferences found = default;
        for (int row = 0; row < expected.Rows; row++)
        {
            found = found.With(expected.Row(row), decoder.Logits(ids.Length - expected.Rows + row));
        }

        return found;
    }

    private int MatchGreedy(int[] ids, int[] greedy, CancellationToken cancellationToken)
    {
        using KvSlot slot = decoder.Rent(ids.Length + greedy.Length);
        StepPlan plan = new();
        int[] next = ids;
        for (int matched = 0; matched < greedy.Length; matched++)
        {
            plan.Clear();
            plan.Add(slot, next, LogitsWanted.Last);
            decoder.Step(plan, cancellationToken);
            int token = TensorPrimitives.IndexOfMax(decoder.Logits(0));
            if (token != greedy[matched]) return matched;
            next = [token];
        }

        return greedy.Length;
    }
}
