using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>target(arguments)</c></summary>
internal sealed record CallExpression(SourcePosition Position, Expression Target, ArgumentList Arguments)
    : Expression(Position, 1 + Math.Max(Target.Height, Arguments.Height))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope) => Evaluate(context, scope, null);

    /// <param name="context">The rendering.</param>
    /// <param name="scope">The names.</param>
    /// <param name="caller">The body of the call block that calls, if one does.</param>
    public TemplateValue Evaluate(RenderContext context, Scope scope, TemplateValue? caller)
    {
        context.Step(Position);
        TemplateValue target = Target.Evaluate(context, scope);
        Runtime.Arguments arguments = Arguments.Evaluate(context, scope, caller);
        context.Position = Position;
        return target.Call(context, arguments);
    }
}
