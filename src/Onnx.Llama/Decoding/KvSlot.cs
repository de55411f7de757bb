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
    /// How many of its tokens have their keys and values in memory: all, or none where some had to be given up, and then all run again in the next step that
    /// it takes part in. That is so after <see cref="Truncate"/> where a layer that keeps a window has dropped keys that the shorter sequence needs, or where
    /// the keys are rotated by a table for longer sequences (longrope); after <see cref="Grow"/> on a device other than the CPU; and after a step that failed.
    /// </summary>
    public abstract int CachedLength { get; }

    /// <summary>Forgets all tokens but the first <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or greater than <see cref="Length"/>.</exception>
    public abstract void Truncate(int length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    protected abstract void Dispose(bool disposing);
}
