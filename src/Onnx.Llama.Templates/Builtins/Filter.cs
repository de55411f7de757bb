using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>A filter: <c>value|name(arguments)</c>.</summary>
internal delegate TemplateValue Filter(RenderContext context, TemplateValue value, Arguments arguments);
