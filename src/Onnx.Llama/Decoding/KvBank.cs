using Microsoft.ML.OnnxRuntime;

namespace Onnx.Llama.Decoding;

/// <summary>
/// The slots of one capacity: per layer one buffer of keys and one of values, [rows, kvHeads, room, headDim], a slot in each row, without holes; the
/// room is the capacity, or a window's. So rows that lie together run together, and a slot takes what was asked for.
/// </summary>
internal sealed class KvBank(DecoderGraph graph, int capacity) : IDisposable
{
    /// <summary>Bindings of runs of rows; a scheduler that steps everything needs one or two.</summary>
    private const int MostBindings = 32;

    private readonly KvBuffer?[] _keys = new KvBuffer?[graph.Layout.Layers.Count];
    private readonly KvBuffer?[] _values = new KvBuffer?[graph.Layout.Layers.Count];
    private readonly Dictionary<(int First, int Count), RowBinding> _bindings = [];
    private readonly List<RowSlot> _slots = [];

    /// <summary>Tokens per row.</summary>
    public int Capacity => capacity;

    /// <summary>Rows that there is memory for.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows in use, the first ones.</summary>
    public int Count => _slots.Count;

    /// <summary>Bytes of one row.</summary>
    public long RowBytes { get; } = graph.Layout.Bytes(capacity);

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => Rows * RowBytes;

    /// <summary>How many of the slots take part, with one token each, in the step that is being prepared.</summary>
    public int Stepping { get; set; }

    /// <summary>The row of the step's logits that belongs to row 0, or would.</summary>
    public int LogitRowOfRow0 { get; set; }

    public RowSlot this[int row] => _slots[row];

    /// <summary>Makes room for more rows, layer by layer, keeping what the rows in use hold.</summary>
    /// <exception cref="ModelException">There is not so much memory; everything is as it was.</exception>
    public void Resize(int rows)
    {
        DropBindings();
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Resized(_keys[layer], layer, rows);
            _values[layer] = Resized(_values[layer], layer, rows);
        }

        Rows = rows;
    }

    /// <summary>Puts a slot, with what it holds, into the next free row.</summary>
    public void Add(RowSlot slot)
    {
        int row = _slots.Count;
        if (slot.Bank is { } source)
        {
            if (graph.Memory.IsHost) CopyRow(source, slot.Row, row, slot.CachedLength);
            else slot.LoseKeys();
            source.Remove(slot);
        }

        _slots.Add(slot);
        slot.Place(this, row);
    }

    /// <summary>Takes a slot out; the last row moves into its place.</summary>
    public void Remove(RowSlot slot)
    {
        int last = _slots.Count - 1;
        if (slot.Row != last)
        {
            RowSlot moved = _slots[last];
            CopyRow(this, last, slot.Row, moved.CachedLength);
            _slots[slot.Row] = moved;
            moved.Place(this, slot.Row);
        }

        _slots.RemoveAt(last);
        slot.Place(null, -1);
    }

    /// <summary>Brings the stepping slots together, and tells the first one's row. They stay where they are if they are together; else they come first.</summary>
    public int Gather()
    {
        int first = _slots.FindIndex(slot => slot.IsStepping);
        int last = _slots.FindLastIndex(slot => slot.IsStepping);
        if (last - first + 1 == Stepping) return first;
        for (int row = 0; row < Stepping; row++)
        {
            if (_slots[row].IsStepping) continue;
            Exchange(row, _slots.FindLastIndex(slot => slot.IsStepping));
        }

        return 0;
    }

    /// <summary>The binding of a run of rows, made at its first use.</summary>
    public RowBinding Binding(int first, int count)
    {
        if (_bindings.TryGetValue((first, count), out RowBinding? binding)) return binding;
        if (_bindings.Count == MostBindings) DropBindings();
        return _bindings[(first, count)] = new RowBinding(graph, this, first, count);
    }

    /// <summary>Binds the rows' keys and values, each buffer as past and present.</summary>
    public void BindRows(OrtIoBinding binding, int first, int count)
    {
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            LayerNames names = graph.Layers[layer];
            _keys[layer]!.Bind(binding, names.PastKey, names.PresentKey, first, count);
            _values[layer]!.Bind(binding, names.PastValue, names.PresentValue, first, count);
        }
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        DropBindings();
        foreach (KvBuffer? buffer in _keys) buffer?.Dispose();
        foreach (KvBuffer? buffer in _values) buffer?.Dispose();
        Rows = 0;
    }

    private KvBuffer Resized(KvBuffer? old, int layer, int rows)
    {
        KvLayer shape = graph.Layout.Layers[layer];
        KvBuffer buffer = graph.Memory.Take(shape, graph.KvType, rows, capacity);
        if (old is null) return buffer;
        foreach (RowSlot slot in _slots) buffer.CopyRow(old, slot.Row, slot.Row, shape.Kept(slot.CachedLength));
        old.Dispose();
        return buffer;
    }

    /// <summary>Copies what a row keeps of its tokens. Banks' rooms may differ only as long as nothing was dropped.</summary>
    private void CopyRow(KvBank source, int from, int to, int length)
    {
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            int kept = graph.Layout.Layers[layer].Kept(length);
            _keys[layer]!.CopyRow(source._keys[layer]!, from, to, kept);
            _values[layer]!.CopyRow(source._values[layer]!, from, to, kept);
        }
    }

    private void Exchange(int first, int second)
    {
        (RowSlot a, RowSlot b) = (_slots[first], _slots[second]);
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            KvLayer shape = graph.Layout.Layers[layer];
            int kept = Math.Max(shape.Kept(a.CachedLength), shape.Kept(b.CachedLength));
            _keys[layer]!.SwapRows(first, second, kept);
            _values[layer]!.SwapRows(first, second, kept);
        }

        (_slots[first], _slots[second]) = (b, a);
        b.Place(this, first);
        a.Place(this, second);
    }

    private void DropBindings()
    {
        foreach (RowBinding binding in _bindings.Values) binding.Dispose();
        _bindings.Clear();
    }
}
