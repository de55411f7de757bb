namespace Onnx.Llama.Templates.Runtime;

/// <summary>The names set in one block. A set never reaches outwards; a name not found here is looked up in the block around.</summary>
internal sealed class Scope(Scope? parent)
{
    /// <summary>Up to here a search is faster than a hash; most blocks set fewer names.</summary>
    private const int SmallCount = 24;

    private string[] _names = [];
    private TemplateValue?[] _values = [];
    private int _count;
    private Dictionary<string, int>? _places;

    public TemplateValue? Find(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            int index = scope.IndexOf(name);
            if (index >= 0) return scope._values[index];
        }

        return null;
    }

    public void Set(string name, TemplateValue value)
    {
        int index = IndexOf(name);
        if (index < 0) index = Add(name);
        _values[index] = value;
    }

    /// <summary>Forgets the names, for the next round of a loop.</summary>
    public void Clear()
    {
        _count = 0;
        _places = null;
    }

    private Scope? Parent { get; } = parent;

    private int IndexOf(string name)
    {
        if (_places is not null) return _places.GetValueOrDefault(name, -1);
        string[] names = _names;
        for (int i = 0; i < _count; i++)
        {
            if (ReferenceEquals(names[i], name) || names[i] == name) return i;
        }

        return -1;
    }

    private int Add(string name)
    {
        if (_count == _names.Length)
        {
            int capacity = Math.Max(4, 2 * _count);
            Array.Resize(ref _names, capacity);
            Array.Resize(ref _values, capacity);
        }

        _names[_count] = name;
        if (_count == SmallCount) _places = Enumerable.Range(0, _count).ToDictionary(i => _names[i], i => i, StringComparer.Ordinal);
        _places?.Add(name, _count);
        return _count++;
    }
}
