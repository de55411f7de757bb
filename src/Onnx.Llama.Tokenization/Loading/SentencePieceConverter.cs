using System.Text;
using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Models;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// Turns a SentencePiece BPE model into the same pipeline that a tokenizer.json describes, by the rules of transformers' converters
/// (<c>convert_slow_tokenizer.py</c>): they, and not the SentencePiece library, are what the model's other users run. The file does not say how text is
/// normalised and split, the tokenizer's class does.
/// </summary>
internal static class SentencePieceConverter
{
    /// <summary>What stands for a space.</summary>
    public const string Mark = "\u2581";

    private const string DefaultClass = "LlamaTokenizer";

    /// <summary>
    /// The class, where tokenizer_config.json has none, of the model that config.json names, as transformers' AutoTokenizer finds it; and the class's own
    /// special tokens where none are given.
    /// </summary>
    public static TokenizerConfig Complete(TokenizerConfig config, string? modelType)
    {
        string name = config.Class ?? (modelType?.StartsWith("gemma", StringComparison.Ordinal) == true ? "GemmaTokenizer" : DefaultClass);
        return IsGemma(name) ? GemmaSentencePiece.Complete(config with { Class = name }) : LlamaSentencePiece.Complete(config with { Class = name });
    }

    /// <summary>The pipeline of a model; <paramref name="config"/> comes from <see cref="Complete"/>.</summary>
    public static TokenizerDefinition Convert(SentencePieceModel model, TokenizerConfig config, string file)
    {
        if (model.ModelType != SentencePieceModel.Bpe)
        {
            string name = model.ModelType switch { 1 => "Unigram", 3 => "Word", 4 => "Char", _ => $"number {model.ModelType}" };
            throw new TokenizerException(file, "trainer_spec.model_type", $"{name} is not implemented; known is BPE (2).");
        }

        return config.Class switch
        {
            "LlamaTokenizer" or "LlamaTokenizerFast" or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast" => LlamaSentencePiece.Convert(model, config, file),
            { } name when IsGemma(name) => GemmaSentencePiece.Convert(model, config, file),
            _ => throw new TokenizerException(
                "tokenizer_config.json",
                "tokenizer_class",
                $"'{config.Class}' is not implemented for {file}; known are LlamaTokenizer, CodeLlamaTokenizer, GemmaTokenizer. "
                + "Save the tokenizer as tokenizer.json with transformers and try again."),
        };
    }

    /// <summary>
    /// The BPE model of pieces with their scores, which stand in the order of their ids. <paramref name="parts"/> are the ids of the texts that merges join.
    /// </summary>
    public static BpeDefinition ReadBpe(
        IReadOnlyList<(string Text, float Score)> pieces, IReadOnlyDictionary<string, int> parts, string unknownPiece, string file)
    {
        var vocabulary = new Vocabulary();
        for (int id = 0; id < pieces.Count; id++) vocabulary.Add(Encoding.UTF8.GetBytes(pieces[id].Text), id);
        vocabulary.Seal();
        var merges = new MergeListBuilder(vocabulary, file, "merges");
        foreach ((string left, string right) in SentencePieceMerges.Of(pieces, parts)) merges.Add(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
        var options = new BpeOptions { UnknownPiece = unknownPiece, FuseUnknown = true, ByteFallback = true };
        return new BpeDefinition(vocabulary, merges.Merges, merges.Cutter, options);
    }

    /// <summary>The pieces' ids by their texts; of equal texts the last one counts.</summary>
    public static Dictionary<string, int> IdsOf(SentencePieceModel model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < model.Pieces.Count; id++) ids[model.Pieces[id].Text] = id;
        return ids;
    }

    /// <summary>Control pieces and those of the user are found in the text before anything else; the former are special, and so are those named here.</summary>
    public static AddedToken[] AddedTokens(SentencePieceModel model, params string[] special) =>
    [
        .. model.Pieces
            .Where(piece => piece.Type is SentencePieceType.Control or SentencePieceType.UserDefined)
            .Select(piece => new AddedToken(piece.Text) { Special = piece.Type == SentencePieceType.Control || special.Contains(piece.Text) }),
    ];

    private static bool IsGemma(string name) => name is "GemmaTokenizer" or "GemmaTokenizerFast";
}
