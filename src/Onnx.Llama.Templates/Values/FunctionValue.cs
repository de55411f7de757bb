using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Values;

/// <summary>A function of the environment, or a method bound to its object.</summary>
internal sealed class FunctionValue(string typeName, string name, Func<RenderContext, Arguments, TemplateValue> body) : TemplateValue
{
    internal override string TypeName => typeName;

    internal override TemplateValue Call(RenderContext context, Arguments arguments) => body(context, arguments);

    /// <summary>Python prints an address here, which no template can mean.</summary>
    internal override void WriteRepr(ReprWriter writer) => writer.Append($"<{typeName} {name}>");
}
