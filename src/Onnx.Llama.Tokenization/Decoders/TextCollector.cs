using System.Text;

namespace Onnx.Llama.Tokenization.Decoders;

/// <summary>The end of the chain: puts texts together, with a separator between tokens where there is no decoder at all.</summary>
internal sealed class TextCollector(string separator) : DecoderStage
{
    private readonly StringBuilder _text = new();
    private bool _started;

    public override void Push(ReadOnlySpan<char> token, bool continues)
    {
        if (_started && !continues) _text.Append(separator);
        _text.Append(token);
        _started = true;
    }

    public override void Finish()
    {
    }

    /// <summary>Takes out the text so far.</summary>
    public string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
