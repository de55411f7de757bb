namespace Onnx.Llama.Tokenization.PreTokenizers;

/// <summary>Which pieces <c>Metaspace</c> puts the mark of a space before.</summary>
internal enum PrependScheme
{
    /// <summary>Only the piece at the beginning of the input.</summary>
    First,

    /// <summary>No piece.</summary>
    Never,

    /// <summary>Every piece.</summary>
    Always,
}
