using Onnx.Llama.Kernels.Native;

namespace Onnx.Llama.Kernels.Operators;

/// <summary>Attributes of an attention.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Heads of keys and values.</param>
/// <param name="Scale">Of scores; 0 for 1 / sqrt(headSize).</param>
/// <param name="SoftCap">Bound of scores; 0 for none.</param>
/// <param name="Window">Keys that a query sees, its own included; 0 or less for all before it.</param>
/// <param name="Slides">Whether caches keep the window only, <see cref="Attention.SlidingWindow"/>.</param>
/// <param name="IsInterleaved">Whether rotated pairs are neighbours.</param>
/// <param name="IsSmooth">Whether the softmax has one more weight of score 0.</param>
internal sealed record AttentionSettings(int Heads, int KvHeads, float Scale, float SoftCap, int Window, bool Slides, bool IsInterleaved, bool IsSmooth)
{
    private const int MostHeads = 1 << 16;

    /// <exception cref="KernelException">The heads cannot be shared.</exception>
    public static AttentionSettings Read(KernelInfo info)
    {
        AttentionSettings settings = new(
            info.Size(AttentionOperator.Heads, 1, MostHeads),
            info.Size(AttentionOperator.KvHeads, 1, MostHeads),
            info.Float(AttentionOperator.Scale),
            info.Float(AttentionOperator.SoftCap),
            info.Size(AttentionOperator.Window, -1, int.MaxValue),
            info.Flag(AttentionOperator.Slides),
            info.Flag(AttentionOperator.Interleaved),
            info.Flag(AttentionOperator.Smooth));
        if (settings.Slides && settings.Window < 1) throw new KernelException(AttentionOperator.OperatorName, "slides without a window; expected local_window_size.");
        return settings.Heads % settings.KvHeads == 0
            ? settings
            : throw new KernelException(AttentionOperator.OperatorName, $"{settings.Heads} heads share {settings.KvHeads} of keys; expected a multiple.");
    }
}
