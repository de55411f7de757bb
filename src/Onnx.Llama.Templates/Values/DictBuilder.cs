namespace Onnx.Llama.Templates.Values;

/// <summary>Makes a <see cref="DictValue"/>: a key keeps its first place and takes its last value.</summary>
internal sealed class DictBuilder
{
    private readonly List<TemplateValue> _keys = [];
    private readonly List<TemplateValue> _values = [];
    private readonly Dictionary<TemplateValue, int> _places = new(KeyComparer.Instance);

    public void Set(TemplateValue key, TemplateValue value)
    {
        if (_places.TryGetValue(key, out int place))
        {
            _values[place] = value;
            return;
        }

        _places.Add(key, _keys.Count);
        _keys.Add(key);
        _values.Add(value);
    }

    public void SetAll(DictValue dict)
    {
        for (int i = 0; i < dict.Keys.Length; i++) Set(dict.Keys[i], dict.Values[i]);
    }

    public DictValue Build() => new([.. _keys], [.. _values], _keys.Count > DictValue.SmallCount ? _places : null);
}
