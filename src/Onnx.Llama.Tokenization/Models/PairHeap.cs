using System.Buffers;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>Pairs of neighbours waiting to be merged: a binary heap by rank, then position, eight bytes each.</summary>
internal struct PairHeap(int capacity) : IDisposable
{
    private ulong[] _keys = ArrayPool<ulong>.Shared.Rent(capacity);
    private int _count;

    /// <summary>Adds a pair before <see cref="Order"/>; one that has no merge is left out.</summary>
    public void Append(int rank, int position)
    {
        if (rank != int.MaxValue) _keys[_count++] = KeyOf(rank, position);
    }

    /// <summary>Makes a heap of what was appended.</summary>
    public readonly void Order()
    {
        for (int i = _count / 2 - 1; i >= 0; i--) SiftDown(i, _keys[i]);
    }

    /// <summary>Adds a pair; one that has no merge is left out.</summary>
    public void Add(int rank, int position)
    {
        if (rank == int.MaxValue) return;
        if (_count == _keys.Length) Grow();
        ulong key = KeyOf(rank, position);
        int at = _count++;
        while (at > 0 && _keys[(at - 1) / 2] > key)
        {
            _keys[at] = _keys[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _keys[at] = key;
    }

    /// <summary>Takes out the pair of lowest rank, the leftmost of equals.</summary>
    public bool TryTake(out int rank, out int position)
    {
        rank = position = 0;
        if (_count == 0) return false;
        rank = (int)(_keys[0] >> 32);
        position = (int)(uint)_keys[0];
        _count--;
        if (_count > 0) SiftDown(0, _keys[_count]);
        return true;
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(_keys);

    private static ulong KeyOf(int rank, int position) => ((ulong)(uint)rank << 32) | (uint)position;

    private readonly void SiftDown(int at, ulong key)
    {
        ulong[] keys = _keys;
        for (int child = 2 * at + 1; child < _count; child = 2 * at + 1)
        {
            if (child + 1 < _count && keys[child + 1] < keys[child]) child++;
            if (keys[child] >= key) break;
            keys[at] = keys[child];
            at = child;
        }

        keys[at] = key;
    }

    private void Grow()
    {
        ulong[] larger = ArrayPool<ulong>.Shared.Rent(_count * 2);
        _keys.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_keys);
        _keys = larger;
    }
}
