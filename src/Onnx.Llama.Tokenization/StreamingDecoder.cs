using Onnx.Llama.Tokenization.Decoders;

namespace Onnx.Llama.Tokenization;

/// <summary>
/// Turns ids into text as they arrive. Text is given out once it is certain: never a part of a character, never a space that the whole text would not have.
/// All parts together are what <see cref="Tokenizer.Decode"/> gives for all ids, except for invalid UTF-8 in vocabularies with byte fallback (there a part
/// given out cannot be taken back, so U+FFFD stands for each maximal invalid part). Not for use by several threads at once.
/// </summary>
public sealed class StreamingDecoder
{
    private readonly DecodePipeline _pipeline;
    private readonly bool _skipSpecialTokens;
    private DecoderStage _first;
    private TextCollector _text;

    internal StreamingDecoder(DecodePipeline pipeline, bool skipSpecialTokens)
    {
        _pipeline = pipeline;
        _skipSpecialTokens = skipSpecialTokens;
        _first = pipeline.Start(streaming: true, out _text);
    }

    /// <summary>Takes an id and returns the text that is complete with it, often a word, sometimes nothing. An id that no token has is left out.</summary>
    public string Append(int id)
    {
        _pipeline.Push(_first, id, _skipSpecialTokens);
        return _text.Take();
    }

    /// <summary>Ends the text: returns what was held back. The decoder begins anew with the next id.</summary>
    public string Flush()
    {
        _first.Finish();
        string text = _text.Take();
        _first = _pipeline.Start(streaming: true, out _text);
        return text;
    }
}
