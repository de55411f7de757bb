using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>left and right</c> or <c>left or right</c>: the side that decides, not its truth.</summary>
internal sealed record LogicalExpression(SourcePosition Position, bool IsOr, Expression Left, Expression Right) : Expression(Position, 1 + Highest(Left, Right))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue left = Left.Evaluate(context, scope);
        return left.IsTrue == IsOr ? left : Right.Evaluate(context, scope);
    }
}
