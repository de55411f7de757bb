namespace Onnx.Llama.Templates.Syntax;

/// <summary>The operators on two values that compute a third.</summary>
internal enum BinaryOperator
{
    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,

    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>/</c></summary>
    Divide,

    /// <summary><c>//</c></summary>
    FloorDivide,

    /// <summary><c>%</c>, which of a text is formatting.</summary>
    Modulo,

    /// <summary><c>**</c></summary>
    Power,
}
