using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{% for target in iterable if condition recursive %}</c> with its <c>else</c>.</summary>
/// <param name="Position">Where the tag begins.</param>
/// <param name="Target">What each element is assigned to.</param>
/// <param name="Iterable">The elements.</param>
/// <param name="Condition">Which elements are taken, if not all.</param>
/// <param name="IsRecursive">Whether <c>loop(…)</c> may be called.</param>
/// <param name="Body">For each element.</param>
/// <param name="Otherwise">Where no round came to the end of its body, as Jinja2 has it: not only where there was no element.</param>
internal sealed record ForStatement(
    SourcePosition Position, AssignmentTarget Target, Expression Iterable, Expression? Condition, bool IsRecursive, Block Body, Block Otherwise)
    : Statement(Position)
{
    public override Flow Render(RenderContext context, Scope scope)
    {
        context.Step(Position);
        return Run(Iterable.Evaluate(context, scope), 0, context, scope);
    }

    /// <summary>The loop over other elements, one level deeper: <c>loop(…)</c>.</summary>
    public TemplateValue Recurse(TemplateValue iterable, int depth, RenderContext context, Scope scope)
    {
        if (!IsRecursive) throw TemplateFault.Type("The loop must have the 'recursive' marker to be called recursively.");
        context.Enter();
        int start = context.OutputLength;
        Run(iterable, depth, context, scope);
        context.Leave();
        return context.Cut(start);
    }

    private Flow Run(TemplateValue iterable, int depth, RenderContext context, Scope scope)
    {
        context.Position = Position;
        IReadOnlyList<TemplateValue> items = context.Items(iterable);
        Scope inner = new(scope);
        if (Condition is not null) items = Select(items, context, inner);
        return RunRounds(new(this, items, depth, scope), items, context, inner) ? Flow.Next : Otherwise.Render(context, inner);
    }

    /// <summary>Whether a round came to the end of its body.</summary>
    private bool RunRounds(LoopValue loop, IReadOnlyList<TemplateValue> items, RenderContext context, Scope inner)
    {
        bool completed = false;
        for (; loop.Index < items.Count; loop.Index++)
        {
            context.Step(Position);
            inner.Clear();
            inner.Set("loop", loop);
            Target.Assign(items[loop.Index], context, inner);
            Flow flow = Body.Render(context, inner);
            completed |= flow == Flow.Next;
            if (flow == Flow.Break) break;
        }

        inner.Clear();
        return completed;
    }

    private List<TemplateValue> Select(IReadOnlyList<TemplateValue> items, RenderContext context, Scope scope)
    {
        List<TemplateValue> selected = [];
        foreach (TemplateValue item in items)
        {
            context.Step(Position);
            scope.Clear();
            Target.Assign(item, context, scope);
            if (Condition!.Evaluate(context, scope).IsTrue) selected.Add(item);
        }

        scope.Clear();
        return selected;
    }
}
