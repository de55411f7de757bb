using System.Buffers;
using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Loading;
using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization;

/// <summary>
/// Turns text into token ids and back, exactly as Hugging Face's tokenizers library does with the same files. Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Unpaired surrogates, which that library's strings cannot hold, are taken as U+FFFD. Kinds of stages and models that are not implemented are refused at load.
/// </remarks>
public sealed class Tokenizer
{
    private readonly EncodePipeline _pipeline;
    private readonly DecodePipeline _decoding;
    private readonly AddedVocabulary _vocabulary;
    private EncodeWorkspace? _workspace = new();

    internal Tokenizer(EncodePipeline pipeline, DecodePipeline decoding, SpecialTokens specialTokens)
    {
        _pipeline = pipeline;
        _decoding = decoding;
        _vocabulary = pipeline.AddedTokens;
        SpecialTokens = specialTokens;
        VocabularySize = Math.Max(pipeline.Model.Vocabulary.MaxId, _vocabulary.MaxId) + 1;
    }

    /// <summary>One more than the largest id: every id is below it. A model's output may be wider.</summary>
    public int VocabularySize { get; }

    /// <summary>The tokens that begin, end or fill a text.</summary>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>
    /// Reads the tokenizer of a model folder: <c>tokenizer.json</c>, else <c>vocab.json</c> and <c>merges.txt</c>, else a SentencePiece <c>tokenizer.model</c>;
    /// with <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c> where they exist.
    /// </summary>
    /// <exception cref="TokenizerException">No such file, a malformed one, or a kind that is not implemented.</exception>
    public static Tokenizer Load(string folder) => TokenizerFolder.Load(folder);

    /// <summary>Whether a folder has the files of a tokenizer. It may still be of a kind that <see cref="Load"/> refuses.</summary>
    public static bool Exists(string folder) => TokenizerFolder.Exists(folder);

    /// <summary>Reads a tokenizer from the content of <c>tokenizer.json</c> and, if given, <c>tokenizer_config.json</c> (UTF-8).</summary>
    /// <exception cref="TokenizerException">Malformed content, or a kind that is not implemented.</exception>
    public static Tokenizer FromJson(ReadOnlyMemory<byte> tokenizerJson, ReadOnlyMemory<byte> tokenizerConfigJson = default) =>
        TokenizerFolder.FromJson(tokenizerJson, tokenizerConfigJson);

    /// <summary>The ids of a text; <paramref name="addSpecialTokens"/> says whether those that begin or end a text are added.</summary>
    /// <exception cref="TokenizerException">The text cannot be tokenized: see <see cref="TokenizerException"/>.</exception>
    public int[] Encode(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        EncodeWorkspace workspace = Run(text, addSpecialTokens, wantsRanges: false);
        int[] ids = workspace.Tokens.Ids.ToArray();
        Return(workspace);
        return ids;
    }

    /// <summary>Writes the ids of a text to <paramref name="ids"/> and returns their number.</summary>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public int Encode(ReadOnlySpan<char> text, IBufferWriter<int> ids, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        EncodeWorkspace workspace = Run(text, addSpecialTokens, wantsRanges: false);
        int count = workspace.Tokens.Ids.Length;
        ids.Write(workspace.Tokens.Ids);
        Return(workspace);
        return count;
    }

    /// <summary>The ids of a text, each with the part of the text (UTF-16 units) that it stands for.</summary>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public TokenSpan[] EncodeWithOffsets(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        EncodeWorkspace workspace = Run(text, addSpecialTokens, wantsRanges: true);
        ReadOnlySpan<int> ids = workspace.Tokens.Ids;
        ReadOnlySpan<TextRange> ranges = workspace.Tokens.Ranges;
        var spans = new TokenSpan[ids.Length];
        for (int i = 0; i < spans.Length; i++) spans[i] = new TokenSpan(ids[i], ranges[i].Start, ranges[i].End);
        Return(workspace);
        return spans;
    }

    /// <summary>The number of ids that <see cref="Encode(ReadOnlySpan{char}, bool)"/> gives.</summary>
    /// <exception cref="TokenizerException">The text cannot be tokenized.</exception>
    public int Count(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        EncodeWorkspace workspace = Run(text, addSpecialTokens, wantsRanges: false);
        int count = workspace.Tokens.Ids.Length;
        Return(workspace);
        return count;
    }

    /// <summary>
    /// The text of ids. Ids that no token has are left out, and special tokens too where <paramref name="skipSpecialTokens"/> says so. Bytes that are not
    /// UTF-8 become U+FFFD: one for each maximal invalid part, but in vocabularies with byte fallback one for each byte of the run, as in the reference.
    /// </summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false) => _decoding.Decode(ids, skipSpecialTokens);

    /// <summary>A decoder for ids that arrive one by one.</summary>
    public StreamingDecoder CreateDecoder(bool skipSpecialTokens = false) => new(_decoding, skipSpecialTokens);

    /// <summary>A token as the vocabulary writes it, such as <c>Ġthe</c> or <c>▁the</c>; null where no token has this id.</summary>
    public string? TokenOf(int id) => _vocabulary.TextOf(id);

    /// <summary>The id of a token as the vocabulary writes it; null where there is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _vocabulary.IdOf(token);
    }

    /// <summary>Whether this is a special token, which decoding can leave out.</summary>
    public bool IsSpecial(int id) => _vocabulary.IsSpecial(id);

    /// <summary>
    /// The bytes that a token adds to a text in the middle of it: a part of a character's UTF-8 where the token holds only that; empty where no token has this id.
    /// </summary>
    public byte[] BytesOf(int id) => _decoding.BytesOf(id);

    private EncodeWorkspace Run(ReadOnlySpan<char> text, bool addSpecialTokens, bool wantsRanges)
    {
        EncodeWorkspace workspace = Interlocked.Exchange(ref _workspace, null) ?? new EncodeWorkspace();
        _pipeline.Encode(text, addSpecialTokens, wantsRanges, workspace);
        return workspace;
    }

    private void Return(EncodeWorkspace workspace)
    {
        workspace.Trim();
        Volatile.Write(ref _workspace, workspace);
    }
}
