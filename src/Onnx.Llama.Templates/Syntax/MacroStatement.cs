using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% macro name(parameters) %}…{% endmacro %}</c></summary>
internal sealed record MacroStatement(SourcePosition Position, string Name, Macro Macro) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        scope.Set(Name, new MacroValue(Macro, scope));
        return Flow.Next;
    }
}
