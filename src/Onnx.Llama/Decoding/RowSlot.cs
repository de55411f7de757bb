using System.Runtime.InteropServices;

namespace Onnx.Llama.Decoding;

/// <summary>A slot of a <see cref="RowDecoder"/>: a row of a bank, and another one after it grew or a row before it was given back.</summary>
internal sealed class RowSlot(RowDecoder decoder) : KvSlot
{
    /// <summary>The tokens it holds, as long as they may have to run again.</summary>
    private readonly List<int>? _tokens = decoder.RopeSwitchAt is null ? null : [];

    private int _length;

    public override IDecoder Decoder => decoder;

    public override int Capacity => Bank?.Capacity ?? 0;

    public override int Length => _length;

    public override int LeastLength => LeastLengthOf(_length);

    /// <summary>The tokens that a step which outgrows the rotation's table runs again, from the first one.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

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
        if (_tokens?.Count > length) _tokens.RemoveRange(length, _tokens.Count - length);
    }

    /// <summary>How many of its tokens must run again together with so many new ones: all, where these outgrow the table of rotations that the old keys have.</summary>
    public int RunsAgain(int count) => decoder.RopeSwitchAt is { } end && _length <= end && _length + count > end ? _length : 0;

    /// <summary>After a step that got as far as <paramref name="reached"/> tokens and failed: what was there still is, or is lost where a window moved on or everything ran again.</summary>
    public void GiveUp(int reached)
    {
        if (_length < LeastLengthOf(reached)) Truncate(0);
    }

    /// <summary>Counts tokens that a step appended.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        _length += tokens.Length;
        if (_length > decoder.RopeSwitchAt) _tokens!.Clear();
        else _tokens?.AddRange(tokens);
    }

    /// <summary>Tells where it lies now.</summary>
    public void Place(KvBank? bank, int row) => (Bank, Row) = (bank, row);

    private int LeastLengthOf(int length)
    {
        int table = length > decoder.RopeSwitchAt ? decoder.RopeSwitchAt.Value + 1 : 0;
        return Math.Max(table, decoder.Layout.LeastLength(length));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Return(this);
    }
}
