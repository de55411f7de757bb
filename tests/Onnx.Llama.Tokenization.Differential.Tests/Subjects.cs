using System.Text.Json.Nodes;
using Onnx.Llama.Testing;
using Onnx.Llama.Text.Tests.Tokenization.Fixtures;
using static Onnx.Llama.Text.Tests.Tokenization.Fixtures.TinyTokenizers;

namespace Onnx.Llama.Tokenization.Differential.Tests;

/// <summary>The tokenizers that are compared: small ones trained here, real ones, and small ones with every kind of stage in odd combinations.</summary>
internal static class Subjects
{
    private const string O200kSplit =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string DeepSeekSplit =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Dictionary<string, Func<byte[]>> s_variants = new(StringComparer.Ordinal)
    {
        ["o200k split"] = () => Pre("llama3", Sequence("pretokenizers", SplitStage("Regex", O200kSplit, "Isolated"), ByteLevelStage(useRegex: false))),
        ["deepseek splits"] = () => Pre("llama3", Sequence(
            "pretokenizers",
            SplitStage("Regex", @"\p{N}{1,3}", "Isolated"),
            SplitStage("Regex", @"[一-龥぀-ゟ゠-ヿ]+", "Isolated"),
            SplitStage("Regex", DeepSeekSplit, "Isolated"),
            ByteLevelStage(useRegex: false))),
        ["cl100k possessive"] = () => Regex(@"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"),
        ["word classes"] = () => Regex(@"\w+|[^\w\s]+"),
        ["digit classes"] = () => Regex(@"\d+|\D"),
        ["hex and posix"] = () => Regex(@"\h+|[[:^space:]]{2}|[[:punct:]]|[[:space:]]+|\x{1F600}"),
        ["intersection"] = () => Regex(@"[\p{L}&&[^\p{Lu}]]+|[a-z&&[^aeiou]]+|[0-9[a-f]]+"),
        ["ignore case"] = () => Regex(@"(?i:the|k|ſ|ǆ|[à-é]+)|(?i)fox"),
        ["anchors"] = () => Regex(@"^\w|\s+$|\bd|\A.|.\z"),
        ["lookbehind"] = () => Regex(@"(?<=[a-z])(?=[A-Z])|(?<!\s)\d"),
        ["empty matches"] = () => Regex(@"x*"),
        ["dot"] = () => Regex(@"..|\R"),
        ["astral class"] = () => Regex(@"[😀-😎]+|[^😀\p{L}]|\p{Han}+"),
        ["words removed"] = () => Split(@"\w", "Removed", false),
        ["boundaries removed"] = () => Split(@"\b.|\B\s", "Removed", false),
        ["letters removed"] = () => Split(@"\p{L}|\p{Nd}", "Removed", false),
        ["marks removed"] = () => Split(@"\p{M}|\p{Nl}|\p{No}", "Removed", false),
        ["symbols removed"] = () => Split(@"[\p{P}\p{S}]", "Removed", false),
        ["spaces removed"] = () => Split(@"\s|\p{Cf}", "Removed", false),
        ["han removed"] = () => Split(@"\p{Han}|[[:punct:]]", "Removed", false),
        ["quantifiers removed"] = () => Split(@"[a-e]{2}+|[f-k]{2,3}?|\d{,2}x|a{1}?b|e*?f|{|o{x", "Removed", false),
        ["split removed"] = () => Split(@"\s+", "Removed", false),
        ["split previous"] = () => Split(@"[aeiou ]", "MergedWithPrevious", false),
        ["split next"] = () => Split(@"[aeiou ]", "MergedWithNext", false),
        ["split contiguous"] = () => Split(@"[aeiou ]", "Contiguous", false),
        ["split inverted"] = () => Split(@"\p{L}+", "Removed", true),
        ["split inverted next"] = () => Split(@"\p{L}+", "MergedWithNext", true),
        ["split inverted contiguous"] = () => Split(@"\p{L}", "Contiguous", true),
        ["prefix space after split"] = () => Pre("gpt2", Sequence(
            "pretokenizers", SplitStage("String", "e", "Isolated"), ByteLevelStage(useRegex: true, addPrefixSpace: true))),
        ["split after byte level"] = () => Pre("gpt2", Sequence(
            "pretokenizers", ByteLevelStage(useRegex: true), SplitStage("Regex", "Ġ", "Isolated"), new JsonObject { ["type"] = "Digits", ["individual_digits"] = false })),
        ["digits"] = () => Pre("gpt2", Sequence(
            "pretokenizers", new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevelStage(useRegex: true))),
        ["metaspace first"] = () => Metaspace("first", true),
        ["metaspace always"] = () => Metaspace("always", false),
        ["metaspace never"] = () => Metaspace("never", true),
        ["nfkc"] = () => Normalizer(Stage("NFKC")),
        ["nfd and accents"] = () => Normalizer(TinyTokenizers.Sequence("normalizers", Stage("NFD"), Stage("StripAccents"), Stage("Lowercase"))),
        ["nfkd"] = () => Normalizer(Stage("NFKD")),
        ["strip"] = () => Normalizer(new JsonObject { ["type"] = "Strip", ["strip_left"] = true, ["strip_right"] = true }),
        ["replace regex"] = () => Normalizer(new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = @"\s+" }, ["content"] = " " }),
        ["unknown dropped"] = () => Model("llama2", model => { model["byte_fallback"] = false; model["unk_token"] = null; }),
        ["unknown apart"] = () => Model("llama2", model => { model["byte_fallback"] = false; model["fuse_unk"] = false; }),
        ["unknown fused"] = () => Model("llama2", model => model["byte_fallback"] = false),
        ["some bytes missing"] = () => Model("llama2", model =>
        {
            foreach (int value in new[] { 0xE2, 0xF0, 0xCC }) model["vocab"]!.AsObject().Remove($"<0x{value:X2}>");
        }),
        ["ignore merges in characters"] = () => Model("gemma", model => model["ignore_merges"] = true),
        ["flags"] = () => Flags("gpt2"),
        ["flags and nfc"] = () => Flags("qwen"),
        ["flags and prepend"] = () => Flags("llama2"),
        ["no decoder"] = () => Json("gpt2", root => root["decoder"] = null),
        ["metaspace decoder"] = () => Json("llama2", root => root["decoder"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = "always", ["split"] = true }),
    };

    public static IReadOnlyList<string> Names { get; } =
    [
        .. TinyTokenizers.Names.Select(name => $"trained {name}"),
        "models/tales",
        .. new[] { "gpt2", "llama2", "llama3", "qwen3", "smollm2_layout", "addedflags" }.Select(name => $"goldens/tokenizers/{name}"),
        "models/smollm2-135m-instruct/tokenizer",
        .. s_variants.Keys.Select(name => $"variant {name}"),
    ];

    public static byte[] Json(string subject)
    {
        if (subject.StartsWith("trained ", StringComparison.Ordinal)) return TinyTokenizers.Json(subject["trained ".Length..]);
        if (subject.StartsWith("variant ", StringComparison.Ordinal)) return s_variants[subject["variant ".Length..]]();
        string folder = subject == "models/tales" ? Path.Combine(SharedFolder.Repository, subject) : SharedFolder.Require(subject);
        return File.ReadAllBytes(Path.Combine(folder, "tokenizer.json"));
    }

    private static byte[] Json(string name, Action<JsonObject> change) => TinyTokenizers.Json(name, change);

    private static byte[] Pre(string name, JsonObject stage) => Json(name, root => root["pre_tokenizer"] = stage);

    private static byte[] Regex(string expression) =>
        Pre("gpt2", Sequence("pretokenizers", SplitStage("Regex", expression, "Isolated"), ByteLevelStage(useRegex: false)));

    private static byte[] Split(string expression, string behavior, bool invert) =>
        Pre("gpt2", Sequence("pretokenizers", SplitStage("Regex", expression, behavior, invert), ByteLevelStage(useRegex: false)));

    private static byte[] Metaspace(string scheme, bool split) => Json("llama2", root =>
    {
        root["normalizer"] = null;
        root["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = scheme, ["split"] = split };
    });

    private static byte[] Normalizer(JsonObject stage) => Json("gpt2", root => root["normalizer"] = stage);

    private static byte[] Model(string name, Action<JsonObject> change) => Json(name, root => change(root["model"]!.AsObject()));

    private static byte[] Flags(string name) => Json(name, root =>
    {
        JsonArray tokens = root["added_tokens"]!.AsArray();
        int next = root["model"]!["vocab"]!.AsObject().Count + tokens.Count;
        tokens.Add(AddedToken(next++, "<l>", lstrip: true));
        tokens.Add(AddedToken(next++, "<r>", rstrip: true));
        tokens.Add(AddedToken(next++, "<lr>", lstrip: true, rstrip: true));
        tokens.Add(AddedToken(next++, "word", singleWord: true));
        tokens.Add(AddedToken(next++, "<both>", singleWord: true, lstrip: true));
        tokens.Add(AddedToken(next++, "café", special: false, normalized: true));
        tokens.Add(AddedToken(next++, "cafe\u0301s", special: false, normalized: true));
        tokens.Add(AddedToken(next++, "the", special: false, normalized: true));
        tokens.Add(AddedToken(next++, "<l>x", special: false));
        tokens.Add(AddedToken(next++, " <sp>", special: false));
        tokens.Add(AddedToken(next + 100, "<gap>"));
    });
}
