using Onnx.Llama.Manifest;

namespace Onnx.Llama.Conversion.Heads;

/// <summary>What a model gives for a text.</summary>
public abstract record ModelHead
{
    private ModelHead(ModelTask task) => Task = task;

    /// <summary>What it is for.</summary>
    public ModelTask Task { get; }

    /// <summary>Logits of the next token.</summary>
    public sealed record Text() : ModelHead(ModelTask.Text);

    /// <summary>Scores of labels, <c>score(h)</c> with h at the text's last token.</summary>
    /// <param name="Labels">Their names, in the scores' order.</param>
    /// <param name="Function">What makes probabilities of them; null where they are none.</param>
    public sealed record Classify(IReadOnlyList<string> Labels, ScoreFunction? Function) : ModelHead(ModelTask.Classify);

    /// <summary>One vector.</summary>
    /// <param name="Pooling">How it is made of the tokens' vectors.</param>
    /// <param name="Normalized">Whether it is divided by its length.</param>
    public sealed record Embed(Pooling Pooling, bool Normalized) : ModelHead(ModelTask.Embed);
}
