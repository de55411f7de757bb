using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>target.name</c>: the attribute, else the element with that key.</summary>
internal sealed record AttributeExpression(SourcePosition Position, Expression Target, string Name) : Expression(Position, 1 + Target.Height)
{
    private readonly StringValue _key = new(Name);

    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue target = Target.Evaluate(context, scope);
        context.Position = Position;
        return Members.Attribute(target, _key, context);
    }
}
