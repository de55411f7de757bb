using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>target|name(arguments)</c></summary>
/// <param name="Position">Where the filter's name stands.</param>
/// <param name="Target">What is filtered; null in a filter or set block, whose text it is.</param>
/// <param name="Name">The filter's name.</param>
/// <param name="Arguments">Its further arguments.</param>
internal sealed record FilterExpression(SourcePosition Position, Expression? Target, string Name, ArgumentList Arguments)
    : Expression(Position, 1 + Math.Max(Highest(Target), Arguments.Height))
{
    private readonly Filter? _filter = Filters.Find(Name);

    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        return Apply(Target!.Evaluate(context, scope), context, scope);
    }

    /// <summary>Filters the text of a block; filters further left come first.</summary>
    public TemplateValue EvaluateBlock(TemplateValue text, RenderContext context, Scope scope)
    {
        context.Step(Position);
        return Apply(Target is FilterExpression first ? first.EvaluateBlock(text, context, scope) : text, context, scope);
    }

    private TemplateValue Apply(TemplateValue value, RenderContext context, Scope scope)
    {
        Runtime.Arguments arguments = Arguments.Evaluate(context, scope);
        context.Position = Position;
        return (_filter ?? throw TemplateFault.Runtime($"No filter named '{Name}' found."))(context, value, arguments);
    }
}
