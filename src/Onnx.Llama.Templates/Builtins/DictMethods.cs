using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Builtins;

/// <summary>Methods of dict.</summary>
internal static class DictMethods
{
    private static readonly MethodTable<DictValue> s_methods = new(
        new()
        {
            ["copy"] = (self, arguments, context) =>
            {
                arguments.BindNone("copy");
                return self.Copy();
            },
            ["get"] = (self, arguments, context) =>
            {
                TemplateValue?[] bound = arguments.Bind("get", 1, "", "");
                context.Charge(bound[0]!.Weight);
                return self.Find(bound[0]!) ?? bound[1] ?? TemplateValue.None;
            },
            ["items"] = (self, arguments, context) =>
            {
                arguments.BindNone("items");
                return new DictView("dict_items", SequenceFilters.Pairs(self, context));
            },
            ["keys"] = (self, arguments, context) =>
            {
                arguments.BindNone("keys");
                return new DictView("dict_keys", self.Keys);
            },
            ["values"] = (self, arguments, context) =>
            {
                arguments.BindNone("values");
                return new DictView("dict_values", self.Values);
            },
        },
        "clear", "pop", "popitem", "setdefault", "update");

    public static TemplateValue? Find(DictValue self, string name) => s_methods.Find(self, name);
}
