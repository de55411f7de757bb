namespace Onnx.Llama.Kernels.Attention;

/// <summary>
/// A cache that keeps a window and some room, as GroupQueryAttention's sliding_window_cache: its tokens lie in order from the front, and when there is no
/// room left the oldest <see cref="Together"/> go at once. What is kept depends on a row's length alone, not on the steps that led there.
/// </summary>
/// <param name="Window">Keys that a query sees, its own included.</param>
/// <param name="Capacity">Tokens that the cache holds, at least the window.</param>
internal readonly record struct SlidingWindow(int Window, int Capacity)
{
    /// <summary>Tokens that go at once.</summary>
    public int Together => Capacity - Window + 1;

    /// <summary>Tokens that are gone when a row has so many.</summary>
    public int Dropped(int length) => length <= Capacity ? 0 : (length - Capacity + Together - 1) / Together * Together;

    /// <summary>How many of some tokens after a length can be added before the next ones must go.</summary>
    public int Piece(int length, int tokens) => Math.Min(tokens, Dropped(length + 1) + Capacity - length);

    /// <summary>Lets tokens go before the next one is added: moves what stays to the front.</summary>
    /// <param name="cache">float32 [capacity, headSize], one row and head.</param>
    /// <param name="length">Tokens of the row.</param>
    /// <param name="headSize">Floats of a token.</param>
    public unsafe void Slide(float* cache, int length, int headSize)
    {
        int before = Dropped(length);
        int gone = Dropped(length + 1) - before;
        if (gone == 0) return;
        long kept = (long)(length - before - gone) * headSize * sizeof(float);
        if (kept > 0) Buffer.MemoryCopy(cache + ((long)gone * headSize), cache, kept, kept);
    }
}
