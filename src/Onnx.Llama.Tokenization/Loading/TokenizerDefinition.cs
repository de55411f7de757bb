using Onnx.Llama.Tokenization.AddedTokens;
using Onnx.Llama.Tokenization.Decoders;
using Onnx.Llama.Tokenization.Models;
using Onnx.Llama.Tokenization.Normalizers;
using Onnx.Llama.Tokenization.PostProcessors;
using Onnx.Llama.Tokenization.PreTokenizers;

namespace Onnx.Llama.Tokenization.Loading;

/// <summary>All stages of a tokenizer, whatever layout of files they come from.</summary>
internal sealed record TokenizerDefinition(BpeDefinition Model)
{
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public Normalizer[] Normalizers { get; init; } = [];

    public PreTokenizer[] PreTokenizers { get; init; } = [];

    /// <summary>Null where the files name none.</summary>
    public PostProcessor? PostProcessor { get; init; }

    public DecoderStep[] Decoders { get; init; } = [];

    /// <summary>Puts the stages together, with what tokenizer_config.json adds to them.</summary>
    public Tokenizer Build(TokenizerConfig config)
    {
        var addedTokens = new AddedVocabulary(Model.Vocabulary);
        foreach (AddedToken token in AddedTokens) addedTokens.Add(token);
        config.AddTokens(addedTokens);
        addedTokens.Seal(text => EncodePipeline.Normalize(text, Normalizers));
        SpecialTokens specialTokens = config.Resolve(addedTokens);

        // The last stage's rewriting into the alphabet of bytes is the model's own work where it can be.
        bool byteLevel = PreTokenizers is [.., ByteAlphabetPreTokenizer];
        var model = new BpeModel(Model.Vocabulary, Model.Merges, Model.Options, byteLevel, Model.Cutter);
        PreTokenizer[] preTokenizers = model.WorksOnBytes ? PreTokenizers[..^1] : PreTokenizers;
        PostProcessor postProcessor = config.Adjust(PostProcessor, specialTokens);
        var pipeline = new EncodePipeline(addedTokens, Normalizers, preTokenizers, model, postProcessor);
        return new Tokenizer(pipeline, new DecodePipeline(Model.Vocabulary, addedTokens, Decoders), specialTokens);
    }
}
