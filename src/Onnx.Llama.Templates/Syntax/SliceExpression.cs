using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>start:stop:step</c> between brackets; each part may be left out.</summary>
internal sealed record SliceExpression(SourcePosition Position, Expression? Start, Expression? Stop, Expression? Step)
    : Expression(Position, 1 + Highest(Start, Stop, Step))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope) =>
        new SliceValue(Start?.Evaluate(context, scope), Stop?.Evaluate(context, scope), Step?.Evaluate(context, scope));
}
