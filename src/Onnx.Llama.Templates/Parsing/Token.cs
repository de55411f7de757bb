using Onnx.Llama.Templates.Runtime;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>A token: its kind, its text (of a literal the decoded text) and its place.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, SourcePosition Position)
{
    public bool Is(string operatorText) => Kind == TokenKind.Operator && Text == operatorText;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as error messages name it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Data => "text",
        TokenKind.End => "end of template",
        TokenKind.String => "string",
        TokenKind.OutputBegin => "'{{'",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        _ => $"'{Text}'",
    };
}
