using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>A variable of the block.</summary>
internal sealed record NameTarget(string Name) : AssignmentTarget
{
    public override void Assign(TemplateValue value, RenderContext context, Scope scope) => scope.Set(Name, value);
}
