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
            "NFC" => [UnicodeNormalizer.Create(NormalizationForm.FormC, section.File, section.Key)],
            "NFD" => [UnicodeNormalizer.Create(NormalizationForm.FormD, section.File, section.Key)],
            "NFKC" => [UnicodeNormalizer.Create(NormalizationForm.FormKC, section.File, section.Key)],
            "NFKD" => [UnicodeNormalizer.Create(NormalizationForm.FormKD, section.File, section.Key)],
            "Lowercase" => [new LowercaseNormalizer()],
            "Strip" => [new StripNormalizer(section.Flag("strip_left", true), section.Flag("strip_right", true))],
            "StripAccents" => [new StripAccentsNormalizer()],
            "Prepend" => [new PrependNormalizer(section.Text("prepend"))],
            "Replace" => [new ReplaceNormalizer(SplitPatternReader.Read(section.Member("pattern")), section.Text("content"))],
            _ => throw section.UnknownType("Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace"),
        };
    }
}
