namespace Onnx.Llama.Tokenization.Models;

/// <summary>Pairs of neighbours waiting to be merged: a heap of four children a node, by rank, then position, eight bytes each.</summary>
internal struct PairHeap(int capacity) : IPairQueue
{
    private const int Children = 4;
    private ulong[] _keys = Scratch<ulong>.Rent(capacity);
    private int _count;

    public void Add(int rank, int position)
    {
        if (rank == int.MaxValue) return;
        if (_count == _keys.Length) Grow();
        ulong key = KeyOf(rank, position);
        int at = _count++;
        while (at > 0 && _keys[(at - 1) / Children] > key)
        {
            _keys[at] = _keys[(at - 1) / Children];
            at = (at - 1) / Children;
        }

        _keys[at] = key;
    }

    /// <summary>The pair of lowest rank, the leftmost of equals.</summary>
    public readonly bool TryPeek(out int rank, out int position)
    {
        rank = position = 0;
        if (_count == 0) return false;
        rank = (int)(_keys[0] >> 32);
        position = (int)(uint)_keys[0];
        return true;
    }

    public bool TryTake(out int rank, out int position)
    {
        if (!TryPeek(out rank, out position)) return false;
        _count--;
        if (_count > 0) SiftDown(0, _keys[_count]);
        return true;
    }

    public readonly void Dispose() => Scratch<ulong>.Return(_keys);

    private static ulong KeyOf(int rank, int position) => ((ulong)(uint)rank << 32) | (uint)position;

    private readonly void SiftDown(int at, ulong key)
    {
        ulong[] keys = _keys;
        for (int first = Children * at + 1; first < _count; first = Children * at + 1)
        {
            int child = first;
            int end = Math.Min(first + Children, _count);
            for (int other = first + 1; other < end; other++)
            {
                if (keys[other] < keys[child]) child = other;
            }

            if (keys[child] >= key) break;
            keys[at] = keys[child];
            at = child;
        }

        keys[at] = key;
    }

    private void Grow()
    {
        ulong[] larger = Scratch<ulong>.Rent(checked(_count * 2));
        _keys.AsSpan(0, _count).CopyTo(larger);
        Scratch<ulong>.Return(_keys);
        _keys = larger;
    }
}
