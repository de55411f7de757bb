using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>A test: <c>value is name(arguments)</c>.</summary>
internal delegate bool Test(RenderContext context, TemplateValue value, Arguments arguments);
