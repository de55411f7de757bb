using System.Runtime.InteropServices;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// Pairs of neighbours of a very long word waiting to be merged, the lowest rank first, the leftmost of equals. Each rank has a list of positions, since its pairs
/// mostly arrive from left to right: then adding and taking cost no search, and four bytes are kept for each. What arrives out of order waits in a heap.
/// </summary>
internal sealed class PairQueue : IPairQueue
{
    /// <summary>Lists are made of parts of so many numbers, of which the first says where the next part begins. A power of two.</summary>
    private const int PartLength = 16;

    private readonly Dictionary<int, int> _listOfRank = [];
    private int[] _parts;
    private int _usedParts;
    private int _freePart = -1;
    private List[] _lists = new List[16];
    private int _listCount;
    private PairHeap _ranks = new(64);
    private PairHeap _late = new(64);

    public PairQueue(int capacity)
    {
        // Every part but each list's last is full; what is taken out makes room for what merges bring.
        long needed = (capacity + (capacity / (PartLength - 1L)) + 64 * PartLength) & -PartLength;
        _parts = Scratch<int>.Rent((int)Math.Min(needed, Array.MaxLength & -PartLength));
    }

    public void Add(int rank, int position)
    {
        if (rank == int.MaxValue) return;
        ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_listOfRank, rank, out bool exists);
        if (!exists) known = NewList();
        ref List list = ref _lists[known];
        if (list.IsEmpty)
        {
            list.Head = list.Tail = NewPart() + 1;
            _ranks.Add(rank, known);
        }
        else if (position <= list.Last)
        {
            _late.Add(rank, position);
            return;
        }
        else if ((list.Tail & (PartLength - 1)) == 0)
        {
            int part = NewPart();
            _parts[list.Tail - PartLength] = part;
            list.Tail = part + 1;
        }

        _parts[list.Tail++] = list.Last = position;
    }

    public bool TryTake(out int rank, out int position)
    {
        if (!_ranks.TryPeek(out rank, out int number)) return _late.TryTake(out rank, out position);
        ref List list = ref _lists[number];
        if (_late.TryPeek(out int lateRank, out int latePosition) && (lateRank < rank || (lateRank == rank && latePosition < _parts[list.Head])))
        {
            return _late.TryTake(out rank, out position);
        }

        position = _parts[list.Head++];
        int part = (list.Head - 1) & -PartLength;
        if (list.IsEmpty)
        {
            Free(part);
            _ranks.TryTake(out _, out _);
        }
        else if ((list.Head & (PartLength - 1)) == 0)
        {
            list.Head = _parts[part] + 1;
            Free(part);
        }

        return true;
    }

    public void Dispose()
    {
        Scratch<int>.Return(_parts);
        _ranks.Dispose();
        _late.Dispose();
    }

    private int NewList()
    {
        if (_listCount == _lists.Length) Array.Resize(ref _lists, _listCount * 2);
        return _listCount++;
    }

    private int NewPart()
    {
        int part = _freePart;
        if (part >= 0)
        {
            _freePart = _parts[part];
            return part;
        }

        part = _usedParts++ * PartLength;
        if (part + PartLength > _parts.Length) Grow();
        return part;
    }

    private void Free(int part)
    {
        _parts[part] = _freePart;
        _freePart = part;
    }

    private void Grow()
    {
        int[] larger = Scratch<int>.Rent(checked(_parts.Length + (_parts.Length >> 1) + PartLength) & -PartLength);
        _parts.CopyTo(larger, 0);
        Scratch<int>.Return(_parts);
        _parts = larger;
    }

    /// <summary>Indexes into the parts: where the first number stands, and behind the last one.</summary>
    private struct List
    {
        public int Head;
        public int Tail;
        public int Last;

        public readonly bool IsEmpty => Head == Tail;
    }
}
