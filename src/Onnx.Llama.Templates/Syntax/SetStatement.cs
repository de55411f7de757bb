using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% set target = value %}</c></summary>
internal sealed record SetStatement(SourcePosition Position, AssignmentTarget Target, Expression Value) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue value = Value.Evaluate(context, scope);
        context.Position = Position;
        Target.Assign(value, context, scope);
        return Flow.Next;
    }
}
