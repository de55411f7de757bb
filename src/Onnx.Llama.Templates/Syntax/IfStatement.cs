using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% if %}</c> with its <c>elif</c> branches and its <c>else</c>. It has no scope of its own.</summary>
internal sealed record IfStatement(SourcePosition Position, KeyValuePair<Expression, Block>[] Branches, Block Otherwise) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        foreach ((Expression condition, Block body) in Branches)
        {
            if (condition.Evaluate(context, scope).IsTrue) return body.Render(context, scope);
        }

        return Otherwise.Render(context, scope);
    }
}
