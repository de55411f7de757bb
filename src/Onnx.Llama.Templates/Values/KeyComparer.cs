namespace Onnx.Llama.Templates.Values;

/// <summary>Python's equality of dict keys.</summary>
internal sealed class KeyComparer : IEqualityComparer<TemplateValue>
{
    public static readonly KeyComparer Instance = new();

    public bool Equals(TemplateValue? x, TemplateValue? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.IsEqual(y));

    public int GetHashCode(TemplateValue obj) => obj.HashCode();
}
