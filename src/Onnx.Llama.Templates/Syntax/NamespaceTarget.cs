using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>name.attribute</c>, an attribute of a namespace, which outlives the block.</summary>
internal sealed record NamespaceTarget(string Name, string Attribute) : AssignmentTarget
{
    public override void Assign(TemplateValue value, RenderContext context, Scope scope)
    {
        if ((scope.Find(Name) ?? context.FindGlobal(Name)) is not NamespaceValue target)
        {
            throw TemplateFault.Runtime("cannot assign attribute on non-namespace object");
        }

        target.Set(Attribute, value);
    }
}
