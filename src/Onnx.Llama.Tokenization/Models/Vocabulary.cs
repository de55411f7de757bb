using System.Numerics;
using System.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// The model's pieces and their ids. Pieces lie as UTF-8 in one array, found by an open-addressing table: a vocabulary of 128,000 needs no object each.
/// </summary>
/// <param name="expectedCount">About how many pieces will be added.</param>
internal sealed class Vocabulary(int expectedCount = 64)
{
    private readonly Dictionary<int, int> _farIds = [];
    private byte[] _text = new byte[1024];
    private Entry[] _entries = new Entry[Math.Max(64, expectedCount)];
    private ulong[] _slots = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(128, expectedCount * 2L))];
    private int[] _entryOfId = [];
    private int _textLength;

    /// <summary>The number of pieces.</summary>
    public int Count { get; private set; }

    /// <summary>The largest id, or -1.</summary>
    public int MaxId { get; private set; } = -1;

    /// <summary>Adds a piece; one that is there already gets the new id.</summary>
    public void Add(ReadOnlySpan<byte> piece, int id)
    {
        uint hash = Hashing.Of(piece);
        int slot = FindSlot(piece, hash);
        MaxId = Math.Max(MaxId, id);
        if (_slots[slot] != 0)
        {
            _entries[EntryIn(slot)].Id = id;
            return;
        }

        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new Entry { Start = Store(piece), Length = piece.Length, Id = id };
        _slots[slot] = ((ulong)hash << 32) | (uint)Count;
        if (Count * 2 > _slots.Length) Rehash(_slots.Length * 2);
    }

    /// <summary>Makes <see cref="PieceOf"/> work; call after the last <see cref="Add"/>.</summary>
    public void Seal()
    {
        // An id far above the number of pieces must not decide how much memory is taken.
        int dense = (int)Math.Min(MaxId + 1L, Count * 4L + 1024);
        _entryOfId = new int[dense];
        for (int i = 0; i < Count; i++)
        {
            int id = _entries[i].Id;
            if (id < dense) _entryOfId[id] = i + 1;
            else _farIds[id] = i + 1;
        }
    }

    /// <summary>The id of a piece, or -1.</summary>
    public int Find(ReadOnlySpan<byte> piece)
    {
        int slot = FindSlot(piece, Hashing.Of(piece));
        return _slots[slot] == 0 ? -1 : _entries[EntryIn(slot)].Id;
    }

    /// <summary>
    /// The id of a piece, or -1, where pieces are looked for about in the order in which they were added: <paramref name="entry"/> is the number of the one found
    /// last, and the next one needs no search.
    /// </summary>
    public int FindInOrder(ReadOnlySpan<byte> piece, ref int entry)
    {
        for (int next = entry; next <= entry + 1 && next < Count; next++)
        {
            if (!piece.SequenceEqual(PieceAt(next, out int id))) continue;
            entry = next;
            return id;
        }

        int slot = FindSlot(piece, Hashing.Of(piece));
        if (_slots[slot] == 0) return -1;
        entry = EntryIn(slot);
        return _entries[entry].Id;
    }

    /// <summary>The id of a piece, or -1.</summary>
    public int Find(ReadOnlySpan<char> piece)
    {
        byte[]? rented = null;
        Span<byte> utf8 = piece.Length <= 256 ? stackalloc byte[768] : rented = Scratch<byte>.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        int id = Find(utf8[..Encoding.UTF8.GetBytes(piece, utf8)]);
        Scratch<byte>.Return(rented);
        return id;
    }

    /// <summary>Whether a piece has this id.</summary>
    public bool Has(int id) => EntryOf(id) != 0;

    /// <summary>The UTF-8 text of the piece with this id; empty where there is none.</summary>
    public ReadOnlySpan<byte> PieceOf(int id)
    {
        int entry = EntryOf(id);
        return entry == 0 ? default : _text.AsSpan(_entries[entry - 1].Start, _entries[entry - 1].Length);
    }

    /// <summary>The piece that was added as number <paramref name="entry"/>, and its id.</summary>
    public ReadOnlySpan<byte> PieceAt(int entry, out int id)
    {
        id = _entries[entry].Id;
        return _text.AsSpan(_entries[entry].Start, _entries[entry].Length);
    }

    private int EntryOf(int id)
    {
        if ((uint)id < (uint)_entryOfId.Length) return _entryOfId[id];
        return _farIds.GetValueOrDefault(id);
    }

    // A slot holds a piece's hash, so that its entry and text are looked at once and not for every neighbour; and the number of its entry, plus one.
    private int EntryIn(int slot) => (int)(uint)_slots[slot] - 1;

    private int FindSlot(ReadOnlySpan<byte> piece, uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            if ((uint)(_slots[slot] >> 32) == hash && piece.SequenceEqual(PieceAt(EntryIn(slot), out _))) break;
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private int Store(ReadOnlySpan<byte> piece)
    {
        int start = _textLength;
        int needed = checked(start + piece.Length);
        if (needed > _text.Length) Array.Resize(ref _text, (int)Math.Max(needed, Math.Min(_text.Length * 2L, Array.MaxLength)));
        piece.CopyTo(_text.AsSpan(start));
        _textLength = needed;
        return start;
    }

    private void Rehash(int size)
    {
        var slots = new ulong[size];
        foreach (ulong filled in _slots)
        {
            if (filled == 0) continue;
            int slot = (int)(filled >> 32) & (size - 1);
            while (slots[slot] != 0) slot = (slot + 1) & (size - 1);
            slots[slot] = filled;
        }

        _slots = slots;
    }

    private struct Entry
    {
        public int Start;
        public int Length;
        public int Id;
    }
}
