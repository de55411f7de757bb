namespace Onnx.Llama.Decoding;

/// <summary>The keys and values of one sequence. Dispose it to give the memory back. Not to be used while a step over it runs.</summary>
public abstract class KvSlot : IDisposable
{
    /// <summary>The decoder that this slot belongs to.</summary>
    public abstract IDecoder Decoder { get; }

    /// <summary>How many tokens there is room for.</summary>
    public abstract int Capacity { get; }

    /// <summary>How many tokens are in it.</summary>
    public abstract int Length { get; }

    /// <summary>Makes room for <paramref name="capacity"/> tokens, keeping what is there; does nothing where there is room already.</summary>
    /// <exception cref="ModelException">The capacity is beyond the model's context or the budget.</exception>
    public abstract void Grow(int capacity);

    /// <summary>
    /// The least length, but for 0, that <see cref="Truncate"/> can set: 0, unless a layer keeps a window only and has dropped keys that a shorter sequence
    /// would need, or the sequence is so long that its keys are rotated by another table (longrope).
    /// </summary>
    public abstract int LeastLength { get; }

    /// <summary>Forgets all tokens but the first <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is greater than <see cref="Length"/>, or neither 0 nor at least <see cref="LeastLength"/>.</exception>
    public abstract void Truncate(int length);

    /// <summary>Forgets all tokens but the first <paramref name="length"/>, or all where so few cannot be had any more.</summary>
    /// <returns>How many are left; the rest has to run again.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or greater than <see cref="Length"/>.</exception>
    public int Rewind(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Truncate(length >= LeastLength ? length : 0);
        return Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    protected abstract void Dispose(bool disposing);
}
