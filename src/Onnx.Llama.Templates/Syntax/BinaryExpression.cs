using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>left operator right</c></summary>
internal sealed record BinaryExpression(SourcePosition Position, BinaryOperator Operator, Expression Left, Expression Right)
    : Expression(Position, 1 + Highest(Left, Right))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue left = Left.Evaluate(context, scope);
        TemplateValue right = Right.Evaluate(context, scope);
        context.Position = Position;
        return Arithmetic.Apply(Operator, left, right, context);
    }
}
