using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>a, b</c>: the value's elements, as many as there are targets.</summary>
internal sealed record TupleTarget(AssignmentTarget[] Targets) : AssignmentTarget
{
    public override void Assign(TemplateValue value, RenderContext context, Scope scope)
    {
        IReadOnlyList<TemplateValue> items = context.Items(value);
        if (items.Count > Targets.Length) throw TemplateFault.Value($"too many values to unpack (expected {Targets.Length})");
        if (items.Count < Targets.Length) throw TemplateFault.Value($"not enough values to unpack (expected {Targets.Length}, got {items.Count})");
        for (int i = 0; i < Targets.Length; i++) Targets[i].Assign(items[i], context, scope);
    }
}
