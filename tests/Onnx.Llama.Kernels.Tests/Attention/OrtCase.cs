namespace Onnx.Llama.Kernels.Tests.Attention;

/// <summary>Random cases that ONNX Runtime accepts: heads of a multiple of 8, rotary sizes of a multiple of 16 where they are partial.</summary>
internal static class OrtCase
{
    /// <param name="seed">Which one.</param>
    /// <param name="more">Tokens added to each row.</param>
    public static AttentionInput Of(int seed, int more)
    {
        AttentionInput some = AttentionInput.Random(seed);
        int headSize = Math.Max(16, some.HeadSize & ~15);
        return new(seed, some.Heads, some.KvHeads, headSize, [.. some.Lengths.Select(length => length + more)])
        {
            RotarySize = some.RotarySize == 0 ? 0 : some.RotarySize == some.HeadSize ? headSize : 16,
            Interleaved = some.Interleaved,
            Scale = some.Scale,
            Softcap = some.Softcap,
            Window = some.Window,
            Sinks = some.Sinks,
            Smooth = some.Smooth,
        };
    }
}
