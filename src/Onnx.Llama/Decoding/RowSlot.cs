using System.Runtime.InteropServices;

namespace Onnx.Llama.Decoding;

/// <summary>
/// A slot of a <see cref="RowDecoder"/>: a row of a bank, and another one after it grew or a row before it was given back. It remembers its tokens, a
/// few bytes beside their keys, so that they can run again where keys are lost.
/// </summary>
internal sealed class RowSlot(RowDecoder decoder) : KvSlot
{
    private readonly List<int> _tokens = [];
    private bool _keysLost;

    public override IDecoder Decoder => decoder;

    public override int Capacity => Bank?.Capacity ?? 0;

    public override int Length => _tokens.Count;

    public override int CachedLength => _keysLost ? 0 : Length;

    /// <summary>The tokens it holds.</summary>
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
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        _keysLost = length > 0 && (_keysLost || length < decoder.LeastLength(Length));
        _tokens.RemoveRange(length, Length - length);
    }

    /// <summary>How many of its tokens run again together with so many new ones: all or none.</summary>
    public int RunsAgain(int count) => _keysLost || decoder.Outgrows(Length, count) ? Length : 0;

    /// <summary>Its keys are gone, its tokens are not.</summary>
    public void LoseKeys() => _keysLost = Length > 0;

    /// <summary>After a step that got as far as <paramref name="reached"/> tokens and failed: its keys still are those of its tokens, or are lost.</summary>
    public void GiveUp(int reached)
    {
        if (Length < decoder.LeastLength(reached)) LoseKeys();
    }

    /// <summary>Adds tokens whose keys a step appended.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        _tokens.AddRange(tokens);
        _keysLost = false;
    }

    /// <summary>Tells where it lies now.</summary>
    public void Place(KvBank? bank, int row)
    {
        (Bank, Row) = (bank, row);
        if (bank is not null) _tokens.EnsureCapacity(bank.Capacity);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Return(this);
    }
}
