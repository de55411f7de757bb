using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>What a value is assigned to.</summary>
internal abstract record AssignmentTarget
{
    /// <exception cref="TemplateFault">The value does not fit the target.</exception>
    public abstract void Assign(TemplateValue value, RenderContext context, Scope scope);
}
