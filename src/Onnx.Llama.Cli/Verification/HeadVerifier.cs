namespace Onnx.Llama.Cli.Verification;

/// <summary>Compares the scores of a classifier, or the vectors of an embedder, with reference values.</summary>
/// <param name="tolerance">What is allowed, as a share of the reference values' standard deviation.</param>
internal sealed class HeadVerifier(double tolerance)
{
    /// <summary>Compares an embedder's vectors: by its pooling, <c>mean</c> or <c>last</c>.</summary>
    public VerificationReport Compare(Embedder model, string file, CancellationToken cancellationToken)
    {
        HeadReferenceFile reference = HeadReferenceFile.Read(file, model.Pooling, model.Dimensions, model.VocabularySize, model.ContextLength);
        return Compare(reference, model.Embed(reference.Texts, options: null, cancellationToken));
    }

    /// <summary>Compares a classifier's scores.</summary>
    public VerificationReport Compare(Classifier model, string file, CancellationToken cancellationToken)
    {
        HeadReferenceFile reference = HeadReferenceFile.Read(file, "scores", model.Labels.Count, model.VocabularySize, model.ContextLength);
        return Compare(reference, model.Score(reference.Texts, options: null, cancellationToken));
    }

    private VerificationReport Compare(HeadReferenceFile reference, float[][] found)
    {
        double greatest = 0;
        for (int text = 0; text < found.Length; text++)
        {
            ReadOnlySpan<float> expected = reference.Values.Row(text);

            // Math.Max hands a NaN on, whatever comes after it.
            for (int i = 0; i < expected.Length; i++) greatest = Math.Max(greatest, Math.Abs((double)expected[i] - found[text][i]));
        }

        double share = greatest / reference.Values.StandardDeviation();
        return new VerificationReport
        {
            Head = reference.Name,
            Texts = found.Length,
            MaxAbsDiff = greatest,
            MaxDiffInStd = share,
            ToleranceInStd = tolerance,
            Passed = share <= tolerance,
        };
    }
}
