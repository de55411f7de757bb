using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>The pipeline of Llama and Llama 2, Mistral and many others: transformers' <c>LlamaConverter</c>.</summary>
internal static class LlamaSentencePiece
{
    private const string Mark = SentencePieceConverter.Mark;

    public static TokenizerConfig Complete(TokenizerConfig config) => config with
    {
        Bos = config.Bos ?? "<s>",
        Eos = config.Eos ?? "</s>",
        Unk = config.Unk ?? "<unk>",
    };

    public static TokenizerDefinition Convert(SentencePieceModel model, TokenizerConfig config, string file)
    {
        bool prefixes = config.AddPrefixSpace ?? true;
        bool legacy = config.Legacy ?? true;

        // The first three pieces (unknown, begin, end) count with score 0.
        (string, float)[] pieces = [.. model.Pieces.Select((piece, id) => (piece.Text, id < 3 ? 0f : piece.Score))];
        return new TokenizerDefinition(SentencePieceConverter.ReadBpe(pieces, SentencePieceConverter.IdsOf(model), model.UnknownPiece, file))
        {
            AddedTokens = SentencePieceConverter.AddedTokens(model),
            Normalizers = legacy ? [.. LegacyNormalizers(prefixes)] : [],
            PreTokenizers = legacy ? [] : [new MetaspacePreTokenizer(Mark[0], prefixes ? PrependScheme.First : PrependScheme.Never)],
            Decoders = [.. DecoderSteps(prefixes)],
        };
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
}
