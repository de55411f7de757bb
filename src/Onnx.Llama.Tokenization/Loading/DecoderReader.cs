using Onnx.Llama.Tokenization.Decoders;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads the <c>decoder</c> of tokenizer.json; sequences are flattened.</summary>
internal static class DecoderReader
{
    public static IEnumerable<DecoderStep> Read(JsonSection section)
    {
        if (section.IsNull) return [];
        return section.Type switch
        {
            "Sequence" => section.Member("decoders").Items().SelectMany(Read),
            "ByteLevel" => [new ByteLevelDecoder()],
            "ByteFallback" => [new ByteFallbackDecoder()],
            "Fuse" => [new FuseDecoder()],
            "Replace" => [new ReplaceDecoder(SplitPatternReader.Read(section.Member("pattern")), section.Text("content"))],
            "Strip" => [new StripDecoder(section.Character("content"), section.Integer("start"), section.Integer("stop"))],
            "Metaspace" => [new MetaspaceDecoder(section.Character("replacement"), DropsFirst(section))],
            _ => throw section.UnknownType("Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace"),
        };
    }

    private static bool DropsFirst(JsonSection section) =>
        section.OptionalText("prepend_scheme") is { } scheme ? scheme != "never" : section.Flag("add_prefix_space", true);
}
