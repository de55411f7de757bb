namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>An expression is malformed or asks for something that is not translated; becomes a <see cref="TokenizerException"/> with its file and key.</summary>
internal sealed class ExpressionException(int position, string problem) : Exception(problem)
{
    public int Position => position;
}
