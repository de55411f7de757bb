using System.Buffers;

namespace Onnx.Llama.Tokenization.AddedTokens;

/// <summary>Finds the leftmost, and of those the longest, of many texts.</summary>
internal sealed class AddedTokenTrie
{
    private readonly Dictionary<ulong, int> _children = [];
    private readonly List<int> _valueOfNode = [-1];
    private readonly SearchValues<char> _firstChars;

    /// <summary>Builds the trie; of two equal texts the first counts.</summary>
    public AddedTokenTrie(IEnumerable<KeyValuePair<string, int>> texts)
    {
        var first = new HashSet<char>();
        foreach ((string text, int value) in texts)
        {
            if (text.Length == 0) continue;
            first.Add(text[0]);
            Add(text, value);
        }

        _firstChars = SearchValues.Create(first.ToArray());
        IsEmpty = first.Count == 0;
    }

    public bool IsEmpty { get; }

    /// <summary>Finds the next text at or behind <paramref name="from"/>.</summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length, out int value)
    {
        for (start = from; start < text.Length; start++)
        {
            int next = text[start..].IndexOfAny(_firstChars);
            if (next < 0) break;
            start += next;
            if (TryMatch(text[start..], out length, out value)) return true;
        }

        length = 0;
        value = -1;
        return false;
    }

    private bool TryMatch(ReadOnlySpan<char> text, out int length, out int value)
    {
        length = 0;
        value = -1;
        int node = 0;
        for (int i = 0; i < text.Length && _children.TryGetValue(KeyOf(node, text[i]), out node); i++)
        {
            if (_valueOfNode[node] < 0) continue;
            length = i + 1;
            value = _valueOfNode[node];
        }

        return length > 0;
    }

    private void Add(string text, int value)
    {
        int node = 0;
        foreach (char unit in text)
        {
            ulong key = KeyOf(node, unit);
            if (!_children.TryGetValue(key, out node))
            {
                node = _valueOfNode.Count;
                _valueOfNode.Add(-1);
                _children.Add(key, node);
            }
        }

        if (_valueOfNode[node] < 0) _valueOfNode[node] = value;
    }

    private static ulong KeyOf(int node, char unit) => ((ulong)(uint)node << 16) | unit;
}
