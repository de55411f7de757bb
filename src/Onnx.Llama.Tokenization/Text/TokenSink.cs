using System.Runtime.InteropServices;

namespace Onnx.Llama.Tokenization.Text;

/// <summary>Where the pipeline puts its tokens: ids, and on request the part of the text that each stands for.</summary>
internal sealed class TokenSink
{
    private readonly List<int> _ids = new(256);
    private readonly List<TextRange> _ranges = [];

    /// <summary>Whether the caller asked for the text's parts.</summary>
    public bool WantsRanges { get; private set; }

    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    public Span<TextRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    public void Reset(bool wantsRanges)
    {
        _ids.Clear();
        _ranges.Clear();
        WantsRanges = wantsRanges;
    }

    public void Add(int id) => _ids.Add(id);

    public void Add(ReadOnlySpan<int> ids) => _ids.AddRange(ids);

    public void Add(int id, TextRange range)
    {
        _ids.Add(id);
        if (WantsRanges) _ranges.Add(range);
    }

    /// <summary>Puts tokens that stand for no text before all others.</summary>
    public void Prepend(ReadOnlySpan<int> ids)
    {
        _ids.InsertRange(0, ids);
        if (WantsRanges) _ranges.InsertRange(0, new TextRange[ids.Length]);
    }

    /// <summary>Gives memory back that an unusually long text needed.</summary>
    public void Trim(int maximum)
    {
        if (_ids.Capacity <= maximum) return;
        _ids.Clear();
        _ids.Capacity = 256;
        _ranges.Clear();
        _ranges.Capacity = 0;
    }
}
