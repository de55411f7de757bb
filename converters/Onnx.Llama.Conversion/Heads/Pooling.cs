namespace Onnx.Llama.Conversion.Heads;

/// <summary>How a text's vector is made of its tokens' vectors.</summary>
public enum Pooling
{
    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The last token's, which has seen all others.</summary>
    Last,
}
