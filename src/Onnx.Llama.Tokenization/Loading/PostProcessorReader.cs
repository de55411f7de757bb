using Onnx.Llama.Tokenization.PostProcessors;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads the <c>post_processor</c> of tokenizer.json, as far as it concerns single texts.</summary>
internal static class PostProcessorReader
{
    public static PostProcessor Read(JsonSection section) => section.Type switch
    {
        "Sequence" => section.Member("processors").Items().Select(Read).Aggregate(PostProcessor.None, (first, next) => first.Then(next)),
        "TemplateProcessing" => ReadTemplate(section),
        "ByteLevel" => ReadByteLevel(section),
        _ => throw section.UnknownType("Sequence, TemplateProcessing, ByteLevel"),
    };

    private static PostProcessor ReadByteLevel(JsonSection section) => PostProcessor.None with
    {
        Trimming = section.Flag("trim_offsets", true) ? new OffsetTrimming(section.Flag("add_prefix_space", true)) : null,
    };

    private static PostProcessor ReadTemplate(JsonSection section)
    {
        List<int> prefix = [], suffix = [];
        bool seenText = false;
        foreach (JsonSection item in section.Member("single").Items())
        {
            JsonSection token = item.Member("SpecialToken");
            if (!token.IsNull)
            {
                (seenText ? suffix : prefix).AddRange(IdsOf(section.Member("special_tokens"), token.Text("id")));
                continue;
            }

            JsonSection sequence = item.Member("Sequence");
            if (sequence.IsNull || sequence.Text("id") != "A" || seenText) throw item.Expected("special tokens around one {\"Sequence\": {\"id\": \"A\"}}");
            seenText = true;
        }

        if (!seenText) throw section.Member("single").Expected("special tokens around one {\"Sequence\": {\"id\": \"A\"}}");
        return new PostProcessor { Prefix = [.. prefix], Suffix = [.. suffix] };
    }

    private static IEnumerable<int> IdsOf(JsonSection specialTokens, string name) =>
        specialTokens.Member(name).Member("ids").Items().Select(id => id.AsInteger());
}
