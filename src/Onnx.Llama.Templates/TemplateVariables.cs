using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates;

/// <summary>The names that transformers gives a template, from an input.</summary>
internal static class TemplateVariables
{
    public static Dictionary<string, TemplateValue> Of(ChatTemplateInput input)
    {
        Dictionary<string, TemplateValue> variables = new(16 + input.Arguments.Count, StringComparer.Ordinal);
        AddSpecialTokens(variables, input.SpecialTokens);
        foreach ((string name, TemplateValue value) in input.Arguments) variables[name] = value;
        variables["messages"] = new ListValue([.. input.Messages.Select(message => message.Value)]);
        variables["tools"] = input.Tools ?? TemplateValue.None;
        variables["documents"] = input.Documents ?? TemplateValue.None;
        variables["add_generation_prompt"] = input.AddGenerationPrompt;
        return variables;
    }

    private static void AddSpecialTokens(Dictionary<string, TemplateValue> variables, SpecialTokens tokens)
    {
        Add("bos_token", tokens.Bos);
        Add("eos_token", tokens.Eos);
        Add("unk_token", tokens.Unk);
        Add("sep_token", tokens.Sep);
        Add("pad_token", tokens.Pad);
        Add("cls_token", tokens.Cls);
        Add("mask_token", tokens.Mask);
        if (tokens.Additional.Count > 0) variables["additional_special_tokens"] = TemplateValue.List(tokens.Additional.Select(TemplateValue.From));

        void Add(string name, string? token)
        {
            if (token is not null) variables[name] = token;
        }
    }
}
