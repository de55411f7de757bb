using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>then if condition else otherwise</c>; without an else it may be undefined.</summary>
internal sealed record ConditionalExpression(SourcePosition Position, Expression Condition, Expression Then, Expression? Otherwise)
    : Expression(Position, 1 + Highest(Condition, Then, Otherwise))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        if (Condition.Evaluate(context, scope).IsTrue) return Then.Evaluate(context, scope);
        return Otherwise is not null
            ? Otherwise.Evaluate(context, scope)
            : UndefinedValue.Because($"the inline if-expression on line {Position.Line} evaluated to false and no else section was defined.");
    }
}
