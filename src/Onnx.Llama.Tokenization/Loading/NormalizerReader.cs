using System.Text;
using Onnx.Llama.Tokenization.Normalizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json; sequences are flattened.</summary>
internal static class NormalizerReader
{
    public static IEnumerable<Normalizer> Read(JsonSection section)
    {
        if (section.IsNull) return [];
        return section.Type switch
        {
            "Sequence" => section.Member("normalizers").Items().SelectMany(Read),
            "NFC" => [new UnicodeNormalizer(NormalizationForm.FormC)],
            "NFD" => [new UnicodeNormalizer(NormalizationForm.FormD)],
            "NFKC" => [new UnicodeNormalizer(NormalizationForm.FormKC)],
            "NFKD" => [new UnicodeNormalizer(NormalizationForm.FormKD)],
            "Lowercase" => [new LowercaseNormalizer()],
            "Strip" => [new StripNormalizer(section.Flag("strip_left", true), section.Flag("strip_right", true))],
            "StripAccents" => [new StripAccentsNormalizer()],
            "Prepend" => [new PrependNormalizer(section.Text("prepend"))],
            "Replace" => [new ReplaceNormalizer(SplitPatternReader.Read(section.Member("pattern")), section.Text("content"))],
            _ => throw section.UnknownType("Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace"),
        };
    }
}
