namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>A tokenizer library, loaded from a model folder.</summary>
internal interface ITokenizerEngine : IDisposable
{
    /// <summary>The ids of a text, no special tokens wanted.</summary>
    public int[] Encode(string text);

    /// <summary>The text of ids.</summary>
    public string Decode(int[] ids);
}
