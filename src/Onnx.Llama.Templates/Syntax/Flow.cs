namespace Onnx.Llama.Templates.Syntax;

/// <summary>What follows a statement.</summary>
internal enum Flow
{
    /// <summary>The next statement.</summary>
    Next,

    /// <summary>The end of the innermost loop.</summary>
    Break,

    /// <summary>The next round of the innermost loop.</summary>
    Continue,
}
