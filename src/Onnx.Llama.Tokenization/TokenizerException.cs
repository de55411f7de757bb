namespace Onnx.Llama.Tokenization;

/// <summary>
/// A tokenizer's files are missing, malformed, or ask for something that is not implemented; or a text cannot be tokenized by it.
/// The message says where, what was found, what was expected and what to do.
/// </summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Creates the exception; the message begins with the file and the key.</summary>
    public TokenizerException(string file, string? key, string problem, Exception? inner = null)
        : base(key is null ? $"{file}: {problem}" : $"{file}: {key}: {problem}", inner)
    {
        File = file;
        Key = key;
    }

    /// <summary>The file concerned, such as <c>tokenizer.json</c>.</summary>
    public string File { get; }

    /// <summary>The place in the file, such as <c>model.merges[12]</c>; null where the whole file is meant.</summary>
    public string? Key { get; }
}
