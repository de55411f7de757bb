using Onnx.Llama.Tokenization;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>This project's tokenizer.</summary>
internal sealed class OurTokenizer(string folder) : ITokenizerEngine
{
    private readonly Tokenizer _tokenizer = Tokenizer.Load(folder);

    public int[] Encode(string text) => _tokenizer.Encode(text, addSpecialTokens: false);

    public string Decode(int[] ids) => _tokenizer.Decode(ids);

    public void Dispose()
    {
    }
}
