using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>first operator second operator third…</c>: true where each neighbour pair compares so.</summary>
internal sealed record ComparisonExpression(SourcePosition Position, Expression First, KeyValuePair<ComparisonOperator, Expression>[] Others)
    : Expression(Position, 1 + Math.Max(First.Height, Others.Max(other => other.Value.Height)))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue left = First.Evaluate(context, scope);
        foreach ((ComparisonOperator comparison, Expression other) in Others)
        {
            TemplateValue right = other.Evaluate(context, scope);
            context.Position = Position;
            if (!Comparison.Apply(comparison, left, right, context)) return BooleanValue.False;
            left = right;
        }

        return BooleanValue.True;
    }
}
