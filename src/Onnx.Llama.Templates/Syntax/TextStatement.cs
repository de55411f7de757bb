using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>Text outside of tags.</summary>
internal sealed record TextStatement(SourcePosition Position, string Text) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        context.Write(Text);
        return Flow.Next;
    }
}
