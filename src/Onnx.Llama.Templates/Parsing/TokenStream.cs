namespace Onnx.Llama.Templates.Parsing;

/// <summary>The tokens of a template, read one after the other. The last one stays.</summary>
internal sealed class TokenStream(List<Token> tokens, string templateName)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Take()
    {
        Token token = tokens[_at];
        if (_at + 1 < tokens.Count) _at++;
        return token;
    }

    public bool TakeIf(string operatorText)
    {
        if (!Current.Is(operatorText)) return false;
        Take();
        return true;
    }

    public bool TakeIfName(string name)
    {
        if (!Current.IsName(name)) return false;
        Take();
        return true;
    }

    /// <exception cref="TemplateException">Another token stands here.</exception>
    public Token Expect(TokenKind kind, string description) => Current.Kind == kind ? Take() : throw Unexpected(description);

    /// <exception cref="TemplateException">Another token stands here.</exception>
    public Token Expect(string operatorText) => Current.Is(operatorText) ? Take() : throw Unexpected($"'{operatorText}'");

    /// <exception cref="TemplateException">Another token stands here.</exception>
    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Unexpected($"'{name}'");

    public TemplateException Unexpected(string expected) => Error(Current, $"unexpected {Current.Describe()}; expected {expected}");

    public TemplateException Error(Token token, string reason) => new(templateName, token.Position.Line, token.Position.Column, reason);
}
