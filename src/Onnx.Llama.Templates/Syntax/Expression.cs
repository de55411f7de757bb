using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>A part of a template that gives a value.</summary>
/// <param name="Position">Where it stands; of an operator, where its left side stands.</param>
/// <param name="Height">How deep the tree below is: what evaluating needs of the stack.</param>
internal abstract record Expression(SourcePosition Position, int Height)
{
    /// <exception cref="TemplateFault">The value cannot be made.</exception>
    public abstract TemplateValue Evaluate(RenderContext context, Scope scope);

    /// <summary>The greatest height among parts that may be left out.</summary>
    protected static int Highest(params ReadOnlySpan<Expression?> parts)
    {
        int height = 0;
        foreach (Expression? part in parts) height = Math.Max(height, part?.Height ?? 0);
        return height;
    }

    /// <summary>The values of several expressions, in order.</summary>
    protected static TemplateValue[] EvaluateAll(Expression[] parts, RenderContext context, Scope scope)
    {
        if (parts.Length == 0) return [];
        TemplateValue[] values = new TemplateValue[parts.Length];
        for (int i = 0; i < values.Length; i++) values[i] = parts[i].Evaluate(context, scope);
        return values;
    }
}
