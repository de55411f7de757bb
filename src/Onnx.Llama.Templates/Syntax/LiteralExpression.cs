using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>A text, number, <c>true</c>, <c>false</c> or <c>none</c>.</summary>
internal sealed record LiteralExpression(SourcePosition Position, TemplateValue Value) : Expression(Position, 1)
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope) => Value;
}
