using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% filter name %}…{% endfilter %}</c></summary>
internal sealed record FilterBlockStatement(SourcePosition Position, FilterExpression Filter, Block Body) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        Scope inner = new(scope);
        if (Body.Capture(context, inner, out Flow flow) is not { } text) return flow;
        context.Write(Filter.EvaluateBlock(text, context, inner));
        return Flow.Next;
    }
}
