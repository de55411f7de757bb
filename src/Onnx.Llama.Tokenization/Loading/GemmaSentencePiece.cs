using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>The pipeline of Gemma 1 to 3: transformers' <c>GemmaConverter</c>. No space is put before a text.</summary>
internal static class GemmaSentencePiece
{
    private const string Mark = SentencePieceConverter.Mark;
    private const string Tab = "\t";
    private const string TabByte = "<0x09>";

    public static TokenizerConfig Complete(TokenizerConfig config) => config with
    {
        Bos = config.Bos ?? "<bos>",
        Eos = config.Eos ?? "<eos>",
        Unk = config.Unk ?? "<unk>",
        Pad = config.Pad ?? "<pad>",
    };

    public static TokenizerDefinition Convert(SentencePieceModel model, TokenizerConfig config, string file)
    {
        Dictionary<string, int> parts = SentencePieceConverter.IdsOf(model);
        if (parts.TryGetValue(TabByte, out int tab)) parts.TryAdd(Tab, tab);
        return new TokenizerDefinition(SentencePieceConverter.ReadBpe(Pieces(model, config), parts, model.UnknownPiece, file))
        {
            AddedTokens = SentencePieceConverter.AddedTokens(model, "<start_of_turn>", "<end_of_turn>"),
            Normalizers = [new ReplaceNormalizer(new LiteralPattern(" "), Mark)],
            PreTokenizers = [new SplitPreTokenizer(new LiteralPattern(" "), SplitBehavior.MergedWithPrevious, invert: false)],
            Decoders = [new ReplaceDecoder(new LiteralPattern(Mark), " "), new ByteFallbackDecoder(), new FuseDecoder()],
        };
    }

    /// <summary>The pieces, of which the first three have the names of the special tokens. Gemma 1 and 2 have no tab: its byte token becomes one.</summary>
    private static (string Text, float Score)[] Pieces(SentencePieceModel model, TokenizerConfig config)
    {
        string[] special = [config.Pad!, config.Eos!, config.Bos!];
        (string Text, float Score)[] pieces = [.. special.Select(text => (text, 0f)), .. model.Pieces.Skip(special.Length).Select(piece => (piece.Text, piece.Score))];
        if (Array.Exists(pieces, piece => piece.Text == Tab)) return pieces;
        int tab = Array.FindIndex(pieces, piece => piece.Text == TabByte);
        if (tab >= 0) pieces[tab] = (Tab, 0f);
        return pieces;
    }
}
