using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% generation %}…{% endgeneration %}</c>: what the assistant wrote (transformers' extension).</summary>
internal sealed record GenerationStatement(SourcePosition Position, Block Body) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        int start = context.OutputLength;
        Body.Render(context, new Scope(scope));
        context.MarkGenerated(start);
        return Flow.Next;
    }
}
