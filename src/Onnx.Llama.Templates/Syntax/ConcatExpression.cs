using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Syntax;

/// <summary><c>a ~ b ~ c</c>: the texts of the values, one behind the other.</summary>
internal sealed record ConcatExpression(SourcePosition Position, Expression[] Parts) : Expression(Position, 1 + Highest(Parts))
{
    public override TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Step(Position);
        string[] texts = new string[Parts.Length];
        long length = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = context.Text(Parts[i].Evaluate(context, scope));
            length += texts[i].Length;
        }

        context.Position = Position;
        context.ChargeText(length);
        return new StringValue(string.Concat(texts));
    }
}
