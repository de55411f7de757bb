using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>[a, b]</c></summary>
internal sealed record ListExpression(SourcePosition Position, Expression[] Items) : Expression(Position, 1 + Highest(Items))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        return new ListValue(EvaluateAll(Items, context, scope));
    }
}
