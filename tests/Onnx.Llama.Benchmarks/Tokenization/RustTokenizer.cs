using Reference = Tokenizers.DotNet.Tokenizer;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>Hugging Face's Rust library through Tokenizers.DotNet, with what its binding costs. It always adds special tokens, and skips them when it decodes.</summary>
internal sealed class RustTokenizer(string folder) : ITokenizerEngine
{
    private readonly Reference _tokenizer = new(Path.Combine(folder, "tokenizer.json"));

    public static bool Fits(string folder) => OperatingSystem.IsLinux() && File.Exists(Path.Combine(folder, "tokenizer.json"));

    public int[] Encode(string text) => [.. _tokenizer.Encode(text).Select(id => (int)id)];

    public string Decode(int[] ids) => _tokenizer.Decode([.. ids.Select(id => (uint)id)]);

    public void Dispose() => _tokenizer.Dispose();
}
