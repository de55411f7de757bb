using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% with a = b %}…{% endwith %}</c></summary>
internal sealed record WithStatement(SourcePosition Position, KeyValuePair<AssignmentTarget, Expression>[] Values, Block Body) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        Scope inner = new(scope);
        TemplateValue[] values = [.. Values.Select(value => value.Value.Evaluate(context, scope))];
        context.Position = Position;
        for (int i = 0; i < values.Length; i++) Values[i].Key.Assign(values[i], context, inner);
        return Body.Render(context, inner);
    }
}
