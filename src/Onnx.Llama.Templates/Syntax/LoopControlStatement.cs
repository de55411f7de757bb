using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% break %}</c> or <c>{% continue %}</c></summary>
internal sealed record LoopControlStatement(SourcePosition Position, Flow Flow) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope) => Flow;
}
