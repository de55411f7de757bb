using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% call(parameters) macro(arguments) %}…{% endcall %}</c></summary>
internal sealed record CallBlockStatement(SourcePosition Position, CallExpression Call, Macro Body) : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        TemplateValue result = Call.Evaluate(context, scope, new MacroValue(Body, scope));
        context.Write(result as StringValue ?? throw TemplateFault.Type($"the call gave {result.TypeName}; expected str instance"));
        return Flow.Next;
    }
}
