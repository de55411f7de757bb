using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary>Statements, one after the other.</summary>
internal sealed record Block(Statement[] Statements)
{
    public static readonly Block Empty = new([]);

    public Flow Render(RenderContext context, Scope scope)
    {
        foreach (Statement statement in Statements)
        {
            Flow flow = statement.Render(context, scope);
            if (flow != Flow.Next) return flow;
        }

        return Flow.Next;
    }

    /// <summary>What the statements write, as a text; null where they leave the loop around.</summary>
    public StringValue? Capture(RenderContext context, Scope scope, out Flow flow)
    {
        int start = context.OutputLength;
        flow = Render(context, scope);
        StringValue text = context.Cut(start);
        return flow == Flow.Next ? text : null;
    }
}
