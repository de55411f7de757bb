using System.Runtime.CompilerServices;
using System.Text;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>Collects Python's text of a value, at most <paramref name="maxLength"/> UTF-16 units of it.</summary>
internal sealed class ReprWriter(StringBuilder text, int maxLength)
{
    /// <summary>Only a namespace can nest deeper than the values' own limit: it may hold itself.</summary>
    private const int MaxDepth = 200;

    private int _depth;

    public string Text => text.ToString();

    /// <summary>In UTF-16 units.</summary>
    public int Length => text.Length;

    public void Append(ReadOnlySpan<char> part)
    {
        if (text.Length + part.Length > maxLength) throw TemplateFault.Limit($"a text of more than {maxLength} characters");
        text.Append(part);
    }

    public void Repr(TemplateValue value)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateFault.Limit($"a value nested deeper than {MaxDepth} cannot be printed");
        }

        value.WriteRepr(this);
        _depth--;
    }
}
