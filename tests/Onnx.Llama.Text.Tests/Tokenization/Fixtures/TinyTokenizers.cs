using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Onnx.Llama.Text.Tests.Tokenization.Fixtures;

/// <summary>Small vocabularies trained here, in the layouts that the big ones have. Each is the content of a tokenizer.json.</summary>
internal static class TinyTokenizers
{
    public const string Gpt2Split = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    public const string Llama3Split = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    public const string QwenSplit = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Mark = "\u2581";
    private static readonly string[] s_names = ["gpt2", "llama2", "llama3", "gemma", "qwen"];
    private static readonly Dictionary<string, Lazy<byte[]>> s_files = s_names.ToDictionary(name => name, name => new Lazy<byte[]>(() => Make(name)));

    public static IReadOnlyList<string> Names => s_names;

    /// <summary>Names of the layouts that are byte-level, which lose nothing of a text but its form of normalisation.</summary>
    public static IReadOnlyList<string> ByteLevelNames => ["gpt2", "llama3", "qwen"];

    /// <summary>The tokenizer.json of a layout.</summary>
    public static byte[] Json(string name) => s_files[name].Value;

    /// <summary>The tokenizer.json of a layout with changes.</summary>
    public static byte[] Json(string name, Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(Json(name))!.AsObject();
        change(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>An entry of <c>added_tokens</c>.</summary>
    public static JsonObject AddedToken(
        int id, string content, bool special = true, bool normalized = false, bool lstrip = false, bool rstrip = false, bool singleWord = false) => new()
        {
            ["id"] = id,
            ["content"] = content,
            ["single_word"] = singleWord,
            ["lstrip"] = lstrip,
            ["rstrip"] = rstrip,
            ["normalized"] = normalized,
            ["special"] = special,
        };

    private static byte[] Make(string name)
    {
        JsonObject root = name switch
        {
            "gpt2" => ByteLevel(Gpt2Split, 400, ["<|endoftext|>"], ignoreMerges: false, splitIsByteLevels: true, normalizer: null),
            "llama3" => ByteLevel(Llama3Split, 500, ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"], ignoreMerges: true, splitIsByteLevels: false, normalizer: null),
            "qwen" => ByteLevel(QwenSplit, 500, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], ignoreMerges: false, splitIsByteLevels: false, normalizer: "NFC"),
            "llama2" => SentencePiece(400, ["<unk>", "<s>", "</s>"], Llama2Stages),
            "gemma" => SentencePiece(400, ["<pad>", "<eos>", "<bos>", "<unk>"], GemmaStages),
            _ => throw new ArgumentException(name),
        };
        if (name == "llama3") AddUnreachableWords(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    // A vocabulary of Llama 3 has words that merges do not lead to; ignore_merges is for them.
    private static void AddUnreachableWords(JsonObject root)
    {
        JsonObject vocabulary = root["model"]!["vocab"]!.AsObject();
        foreach (string word in new[] { " unreachable", "foxglove", " 12", "việc" }) vocabulary.TryAdd(Alphabet.Encode(word), vocabulary.Count);
        int next = vocabulary.Count;
        foreach (JsonNode? token in root["added_tokens"]!.AsArray()) token!["id"] = next++;
        JsonObject template = root["post_processor"]!["processors"]![1]!.AsObject();
        template["special_tokens"]!["<|begin_of_text|>"]!["ids"] = new JsonArray(vocabulary.Count);
    }

    private static JsonObject ByteLevel(string split, int merges, string[] special, bool ignoreMerges, bool splitIsByteLevels, string? normalizer)
    {
        IEnumerable<string[]> words = Regex.Matches(TrainingText.Text, split)
            .Select(match => Alphabet.Encode(match.Value).Select(symbol => symbol.ToString()).ToArray());
        List<(string Left, string Right)> learned = BpeTrainer.Train(words, merges);
        string[] pieces = [.. Alphabet.All.Select(symbol => symbol.ToString()), .. learned.Select(merge => merge.Left + merge.Right)];
        JsonObject root = Root(pieces, learned, special, startOfSpecial: null, pairs: normalizer is not null);
        root["model"]!["ignore_merges"] = ignoreMerges;
        root["normalizer"] = normalizer is null ? null : new JsonObject { ["type"] = normalizer };
        JsonObject byteLevel = ByteLevelStage(useRegex: splitIsByteLevels);
        root["pre_tokenizer"] = splitIsByteLevels ? byteLevel : Sequence("pretokenizers", SplitStage("Regex", split, "Isolated"), byteLevel);
        root["decoder"] = ByteLevelStage(useRegex: true);
        JsonObject post = ByteLevelStage(useRegex: true);
        root["post_processor"] = ignoreMerges ? Sequence("processors", post, Template(special[0], IdOf(root, special[0]))) : post;
        return root;
    }

    private static JsonObject SentencePiece(int merges, string[] special, Action<JsonObject> addStages)
    {
        string text = TrainingText.Text.Replace(" ", Mark, StringComparison.Ordinal);
        IEnumerable<string[]> words = Regex.Matches(text, $"{Mark}*[^{Mark}]+").Select(match => match.Value.EnumerateRunes().Select(rune => rune.ToString()).ToArray());
        List<(string Left, string Right)> learned = BpeTrainer.Train(words, merges);
        IEnumerable<string> bytes = Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>");
        IEnumerable<string> letters = text.EnumerateRunes().GroupBy(rune => rune).Where(group => group.Count() > 1).Select(group => group.Key.ToString());
        letters = letters.Concat(learned.SelectMany(merge => new[] { merge.Left, merge.Right }));
        string[] pieces = [.. special, .. bytes, .. learned.Select(merge => merge.Left + merge.Right).Concat(letters).Distinct().Except(special)];
        JsonObject root = Root(pieces, learned, special, startOfSpecial: 0, pairs: false);
        root["model"]!["byte_fallback"] = true;
        root["model"]!["fuse_unk"] = true;
        root["model"]!["unk_token"] = "<unk>";
        addStages(root);
        return root;
    }

    private static void Llama2Stages(JsonObject root)
    {
        root["normalizer"] = Sequence("normalizers", new JsonObject { ["type"] = "Prepend", ["prepend"] = Mark }, Replace(" ", Mark));
        root["decoder"] = Sequence("decoders", Replace(Mark, " "), Stage("ByteFallback"), Stage("Fuse"), Strip());
        root["post_processor"] = Template("<s>", 1);
    }

    private static void GemmaStages(JsonObject root)
    {
        root["normalizer"] = Replace(" ", Mark);
        root["pre_tokenizer"] = SplitStage("String", " ", "MergedWithPrevious");
        root["decoder"] = Sequence("decoders", Replace(Mark, " "), Stage("ByteFallback"), Stage("Fuse"));
        root["post_processor"] = Template("<bos>", 2);
        JsonArray added = root["added_tokens"]!.AsArray();
        int next = root["model"]!["vocab"]!.AsObject().Count;
        foreach (string run in new[] { "\n\n", "\n\n\n", Mark + Mark, Mark + Mark + Mark, "<h1>" }) added.Add(AddedToken(next++, run, special: false));
    }

    private static JsonObject Root(string[] pieces, List<(string Left, string Right)> merges, string[] special, int? startOfSpecial, bool pairs)
    {
        var vocabulary = new JsonObject();
        foreach (string piece in pieces) vocabulary.TryAdd(piece, vocabulary.Count);
        int first = startOfSpecial ?? vocabulary.Count;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. special.Select((content, index) => AddedToken(first + index, content))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = null,
            ["post_processor"] = null,
            ["decoder"] = null,
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(merge => MergeOf(merge, pairs))]),
            },
        };
    }

    private static JsonNode MergeOf((string Left, string Right) merge, bool pair) =>
        pair ? new JsonArray(merge.Left, merge.Right) : JsonValue.Create($"{merge.Left} {merge.Right}");

    private static int IdOf(JsonObject root, string token) =>
        root["added_tokens"]!.AsArray().Single(added => added!["content"]!.GetValue<string>() == token)!["id"]!.GetValue<int>();

    public static JsonObject Stage(string type) => new() { ["type"] = type };

    public static JsonObject Sequence(string key, params JsonObject[] stages) => new() { ["type"] = "Sequence", [key] = new JsonArray(stages) };

    public static JsonObject Replace(string pattern, string content) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = pattern }, ["content"] = content };

    public static JsonObject SplitStage(string kind, string pattern, string behavior, bool invert = false) =>
        new() { ["type"] = "Split", ["pattern"] = new JsonObject { [kind] = pattern }, ["behavior"] = behavior, ["invert"] = invert };

    public static JsonObject ByteLevelStage(bool useRegex, bool addPrefixSpace = false) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = false, ["use_regex"] = useRegex };

    private static JsonObject Strip() => new() { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 };

    private static JsonObject Template(string token, int id) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } },
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }),
        ["pair"] = new JsonArray(
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } },
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 0 } }),
        ["special_tokens"] = new JsonObject
        {
            [token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) },
        },
    };
}
