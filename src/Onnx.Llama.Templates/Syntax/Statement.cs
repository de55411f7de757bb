using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>A part of a template that writes or sets something.</summary>
/// <param name="Position">Where its tag or text begins.</param>
internal abstract record Statement(SourcePosition Position)
{
    /// <exception cref="TemplateFault">The statement cannot be carried out.</exception>
    public abstract Flow Render(RenderContext context, Scope scope);
}
