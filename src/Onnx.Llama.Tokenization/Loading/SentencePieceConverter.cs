using System.Text;
using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>
/// Turns a SentencePiece BPE model into the same pipeline that a tokenizer.json describes, by the rules of transformers' <c>LlamaConverter</c>
/// (<c>convert_slow_tokenizer.py</c>): they, and not the SentencePiece library, are what the model's other users run.
/// </summary>
internal static class SentencePieceConverter
{
    private const string Mark = "\u2581";

    public static TokenizerDefinition Convert(SentencePieceModel model, TokenizerConfig config, string file)
    {
        Check(model, config, file);
        bool prefixes = config.AddPrefixSpace ?? true;
        bool legacy = config.Legacy ?? true;
        return new TokenizerDefinition(ReadBpe(model, file))
        {
            AddedTokens = [.. AddedTokens(model)],
            Normalizers = legacy ? [.. LegacyNormalizers(prefixes)] : [],
            PreTokenizers = legacy ? [] : [new MetaspacePreTokenizer(Mark[0], prefixes ? PrependScheme.First : PrependScheme.Never)],
            Decoders = [.. DecoderSteps(prefixes)],
        };
    }

    private static void Check(SentencePieceModel model, TokenizerConfig config, string file)
    {
        if (model.ModelType != SentencePieceModel.Bpe)
        {
            string name = model.ModelType switch { 1 => "Unigram", 3 => "Word", 4 => "Char", _ => $"number {model.ModelType}" };
            throw new TokenizerException(file, "trainer_spec.model_type", $"{name} is not implemented; known is BPE (2).");
        }

        if (config.Class is not (null or "LlamaTokenizer" or "LlamaTokenizerFast" or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast"))
        {
            throw new TokenizerException(
                "tokenizer_config.json",
                "tokenizer_class",
                $"'{config.Class}' is not implemented for {file}; known is LlamaTokenizer. Save the tokenizer as tokenizer.json with transformers and try again.");
        }
    }

    private static IEnumerable<Normalizer> LegacyNormalizers(bool prefixes)
    {
        if (prefixes) yield return new PrependNormalizer(Mark);
        yield return new ReplaceNormalizer(new LiteralPattern(" "), Mark);
    }

    private static IEnumerable<DecoderStep> DecoderSteps(bool prefixes)
    {
        yield return new ReplaceDecoder(new LiteralPattern(Mark), " ");
        yield return new ByteFallbackDecoder();
        yield return new FuseDecoder();
        if (prefixes) yield return new StripDecoder(' ', start: 1, stop: 0);
    }

    private static IEnumerable<AddedToken> AddedTokens(SentencePieceModel model) => model.Pieces
        .Where(piece => piece.Type is SentencePieceType.Control or SentencePieceType.UserDefined)
        .Select(piece => new AddedToken(piece.Text) { Special = piece.Type == SentencePieceType.Control });

    private static BpeDefinition ReadBpe(SentencePieceModel model, string file)
    {
        var vocabulary = new Vocabulary();
        for (int id = 0; id < model.Pieces.Count; id++) vocabulary.Add(Encoding.UTF8.GetBytes(model.Pieces[id].Text), id);
        vocabulary.Seal();
        var merges = new MergeListBuilder(vocabulary, file, "merges");
        foreach ((string left, string right) in SentencePieceMerges.Of(model.Pieces)) merges.Add(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
        var options = new BpeOptions { UnknownPiece = model.UnknownPiece, FuseUnknown = true, ByteFallback = true };
        return new BpeDefinition(vocabulary, merges.Merges, merges.Cutter, options);
    }
}
