namespace Onnx.Llama.Decoding;

/// <summary>A slot of a <see cref="RowDecoder"/>: a row of a bank, and another one after it grew or a row before it was given back.</summary>
internal sealed class RowSlot(RowDecoder decoder) : KvSlot
{
    private int _length;

    public override IDecoder Decoder => decoder;

    public override int Capacity => Bank?.Capacity ?? 0;

    public override int Length => _length;

    public override int LeastLength => decoder.Layout.LeastLength(_length);

    /// <summary>Where its keys and values lie; null once given back.</summary>
    public KvBank? Bank { get; private set; }

    /// <summary>Its row in the bank.</summary>
    public int Row { get; private set; }

    /// <summary>Whether it takes part in the step that is being prepared.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>Whether it does with one token, in a run with others.</summary>
    public bool IsStepping { get; set; }

    /// <summary>That token.</summary>
    public int NextToken { get; set; }

    public override void Grow(int capacity) => decoder.Grow(this, capacity);

    public override void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        if (length != 0) ArgumentOutOfRangeException.ThrowIfLessThan(length, Math.Max(LeastLength, 1));
        _length = length;
    }

    /// <summary>After a step that got as far as <paramref name="reached"/> tokens and failed: what was there still is, or is lost where a window moved on.</summary>
    public void GiveUp(int reached)
    {
        if (_length < decoder.Layout.LeastLength(reached)) _length = 0;
    }

    /// <summary>Counts tokens that a step appended.</summary>
    public void Append(int count) => _length += count;

    /// <summary>Tells where it lies now.</summary>
    public void Place(KvBank? bank, int row) => (Bank, Row) = (bank, row);

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Return(this);
    }
}
