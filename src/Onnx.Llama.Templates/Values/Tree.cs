using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>
/// The size of nested values, checked when they are made. So comparing, hashing and printing, which walk a tree, can neither overflow
/// the stack nor take exponential time where parts are shared.
/// </summary>
internal readonly record struct Tree(long Weight, int Nesting)
{
    private const int MaxNesting = 100;
    private const long MaxWeight = 1 << 26;

    /// <exception cref="TemplateFault">The value would nest too deep or be too large.</exception>
    public static Tree Of(ReadOnlySpan<TemplateValue> parts, ReadOnlySpan<TemplateValue> moreParts = default)
    {
        long weight = 1;
        int nesting = 0;
        Add(parts);
        Add(moreParts);
        if (nesting >= MaxNesting) throw TemplateFault.Limit($"lists and mappings nested deeper than {MaxNesting}");
        if (weight > MaxWeight) throw TemplateFault.Limit($"a value with a tree of more than {MaxWeight} elements");
        return new(weight, nesting + 1);

        void Add(ReadOnlySpan<TemplateValue> values)
        {
            foreach (TemplateValue value in values)
            {
                weight += value.Weight;
                nesting = Math.Max(nesting, value.Nesting);
            }
        }
    }
}
