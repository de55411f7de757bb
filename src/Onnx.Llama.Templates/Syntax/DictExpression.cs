using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>{a: b, c: d}</c></summary>
internal sealed record DictExpression(SourcePosition Position, Expression[] Keys, Expression[] Values)
    : Expression(Position, 1 + Math.Max(Highest(Keys), Highest(Values)))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        DictBuilder builder = new();
        for (int i = 0; i < Keys.Length; i++)
        {
            TemplateValue key = Keys[i].Evaluate(context, scope);
            TemplateValue value = Values[i].Evaluate(context, scope);
            context.Position = Position;
            context.Charge(key.Weight);
            builder.Set(key, value);
        }

        return builder.Build();
    }
}
