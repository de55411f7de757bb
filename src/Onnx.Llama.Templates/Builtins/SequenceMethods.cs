using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Methods of list and tuple.</summary>
internal static class SequenceMethods
{
    private static readonly MethodTable<SequenceValue> s_tuple = new(new() { ["count"] = Count, ["index"] = Index });

    private static readonly MethodTable<SequenceValue> s_list = new(
        new()
        {
            ["copy"] = (self, arguments, context) =>
            {
                arguments.BindNone("copy");
                return self.With(self.Values);
            },
            ["count"] = Count,
            ["index"] = Index,
        },
        "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    public static TemplateValue? Find(SequenceValue self, string name) => (self is ListValue ? s_list : s_tuple).Find(self, name);

    private static IntegerValue Count(SequenceValue self, Arguments arguments, RenderContext context)
    {
        TemplateValue item = arguments.Bind("count", 1, "")[0]!;
        context.Charge(self.Values.Length);
        return IntegerValue.Of(self.Values.Count(value => context.AreEqual(value, item)));
    }

    private static IntegerValue Index(SequenceValue self, Arguments arguments, RenderContext context)
    {
        TemplateValue?[] bound = arguments.Bind("index", 1, "", "", "");
        context.Charge(self.Values.Length);
        (int start, int end) = TextRange.Clamp(bound[1], bound[2], self.Values.Length);
        for (int i = start; i < end; i++)
        {
            if (context.AreEqual(self.Values[i], bound[0]!)) return IntegerValue.Of(i);
        }

        throw TemplateFault.Value(self is ListValue ? $"{context.Repr(bound[0]!)} is not in list" : "tuple.index(x): x not in tuple");
    }
}
