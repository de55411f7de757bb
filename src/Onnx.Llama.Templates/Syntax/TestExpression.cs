using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>target is name(arguments)</c></summary>
internal sealed record TestExpression(SourcePosition Position, Expression Target, string Name, ArgumentList Arguments)
    : Expression(Position, 1 + Math.Max(Target.Height, Arguments.Height))
{
    private readonly Test? _test = Tests.Find(Name);

    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue value = Target.Evaluate(context, scope);
        Runtime.Arguments arguments = Arguments.Evaluate(context, scope);
        context.Position = Position;
        return BooleanValue.Of((_test ?? throw TemplateFault.Runtime($"No test named '{Name}' found."))(context, value, arguments));
    }
}
