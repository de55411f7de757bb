using Onnx.Llama.Checkpoints;

namespace Onnx.Llama.Conversion.Weights;

/// <summary>Where a checkpoint's decoder stands among its tensors.</summary>
/// <param name="Body">The prefix of embedding, layers and final norm.</param>
/// <param name="Head">The prefix of the head.</param>
/// <param name="Beside">Prefixes of what is no part of the decoder: encoders of images and sound, and what joins them to the text.</param>
internal sealed record WeightRoot(string Body, string Head, IReadOnlyList<string> Beside)
{
    private static readonly WeightRoot s_plain = new("model.", "", []);

    /// <summary>A model with a head; a model without one; the text part of a model of images and text, in its old and its new spelling.</summary>
    private static readonly WeightRoot[] s_known =
    [
        s_plain,
        new("", "", []),
        new("language_model.model.", "language_model.", ["vision_tower.", "multi_modal_projector."]),
        new("model.language_model.", "", ["model.vision_tower.", "model.multi_modal_projector."]),
    ];

    /// <summary>The one that the checkpoint has; the usual one where it has none, so that messages name what is missing.</summary>
    public static WeightRoot Of(Checkpoint checkpoint, WeightMap map) =>
        s_known.FirstOrDefault(root => checkpoint.TryGet(root.Body + WeightNames.Weight(map.Embedding), out _)) ?? s_plain;
}
