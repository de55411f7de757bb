using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>target[key]</c>: the element, else the attribute of that name.</summary>
internal sealed record SubscriptExpression(SourcePosition Position, Expression Target, Expression Key) : Expression(Position, 1 + Highest(Target, Key))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue target = Target.Evaluate(context, scope);
        TemplateValue key = Key.Evaluate(context, scope);
        context.Position = Position;
        return Key is SliceExpression ? Members.Slice(target, key, context) : Members.Item(target, key, context);
    }
}
