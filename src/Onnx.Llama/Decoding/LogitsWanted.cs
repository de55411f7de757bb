namespace Onnx.Llama.Decoding;

/// <summary>For which of a sequence's new tokens a step gives logits.</summary>
public enum LogitsWanted
{
    /// <summary>For none.</summary>
    None,

    /// <summary>For the last one.</summary>
    Last,

    /// <summary>For every one.</summary>
    All,
}
