using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>A variable; one that nobody has set is undefined, which is no error yet.</summary>
internal sealed record NameExpression(SourcePosition Position, string Name) : Expression(Position, 1)
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope) =>
        scope.Find(Name) ?? context.FindGlobal(Name) ?? UndefinedValue.Name(Name);
}
