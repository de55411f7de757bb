using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>-operand</c> or <c>+operand</c></summary>
internal sealed record SignExpression(SourcePosition Position, bool IsNegative, Expression Operand) : Expression(Position, 1 + Operand.Height)
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue operand = Operand.Evaluate(context, scope);
        context.Position = Position;
        return Arithmetic.Sign(operand, IsNegative);
    }
}
