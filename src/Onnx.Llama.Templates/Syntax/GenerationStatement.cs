using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% generation %}…{% endgeneration %}</c>: what the assistant wrote (transformers' extension).</summary>
/// <param name="Position">Where the tag begins.</param>
/// <param name="Body">The marked part.</param>
/// <param name="Uses">Which special names it reads; a caller around is not seen in it, since transformers makes it a call block.</param>
internal sealed record GenerationStatement(SourcePosition Position, Block Body, MacroNames Uses) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        int start = context.OutputLength;
        Scope inner = new(scope);
        if (Uses.HasFlag(MacroNames.Caller)) inner.Set("caller", UndefinedValue.Because("No caller defined"));
        Body.Render(context, inner);
        context.MarkGenerated(start);
        return Flow.Next;
    }
}
