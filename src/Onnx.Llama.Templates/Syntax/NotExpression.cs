using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>not operand</c></summary>
internal sealed record NotExpression(SourcePosition Position, Expression Operand) : Expression(Position, 1 + Operand.Height)
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        return BooleanValue.Of(!Operand.Evaluate(context, scope).IsTrue);
    }
}
