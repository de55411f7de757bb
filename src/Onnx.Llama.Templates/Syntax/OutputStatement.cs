using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{{ value }}</c></summary>
internal sealed record OutputStatement(SourcePosition Position, Expression Value) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        context.Write(Value.Evaluate(context, scope));
        return Flow.Next;
    }
}
