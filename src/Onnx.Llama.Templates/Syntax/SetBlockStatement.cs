using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% set target %}…{% endset %}</c>: what the body writes, filtered.</summary>
internal sealed record SetBlockStatement(SourcePosition Position, AssignmentTarget Target, FilterExpression? Filter, Block Body) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        Scope inner = new(scope);
        if (Body.Capture(context, inner, out Flow flow) is not { } text) return flow;
        TemplateValue value = Filter?.EvaluateBlock(text, context, inner) ?? text;
        context.Position = Position;
        Target.Assign(value, context, scope);
        return Flow.Next;
    }
}
