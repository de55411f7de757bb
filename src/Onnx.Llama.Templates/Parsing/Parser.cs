using System.Runtime.CompilerServices;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>Recursive descent over the tokens, with Jinja2's grammar. This part: blocks and what all parts share.</summary>
internal sealed partial class Parser
{
    /// <summary>How deep tags, brackets and signs may nest. Python's own compiler, which Jinja2 uses, gives up at such depths too.</summary>
    private const int MaxNesting = 100;

    /// <summary>How deep a tree of operators may grow, as in a sum of so many terms. Python's compiler allows 200 open brackets.</summary>
    private const int MaxHeight = 200;

    /// <summary>The most parameters of a macro, and the most named arguments of a call.</summary>
    private const int MaxNames = 1000;

    private readonly TokenStream _tokens;
    private readonly string _templateName;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Stack<string> _openTags = [];
    private readonly Stack<string[]> _endTags = [];
    private readonly List<TemplateException> _unknownNames = [];
    private int _nesting;

    public Parser(List<Token> tokens, string templateName)
    {
        _tokens = new(tokens, templateName);
        _templateName = templateName;
    }

    /// <summary>Whether there is a <c>generation</c> tag.</summary>
    public bool MarksGeneration { get; private set; }

    /// <exception cref="TemplateException">The tokens are no template.</exception>
    public Block ParseTemplate()
    {
        Block body = ParseBlock();
        return _unknownNames.Count == 0 ? body : throw _unknownNames[0];
    }

    /// <summary>Statements up to one of the end tags, which stays the current token; without end tags, up to the end.</summary>
    private Block ParseBlock(params string[] endTags)
    {
        if (endTags.Length > 0) _endTags.Push(endTags);
        List<Statement> statements = [];
        while (_tokens.Current.Kind != TokenKind.End)
        {
            if (_tokens.Current.Kind == TokenKind.BlockBegin && _tokens.Next.Kind == TokenKind.Name && Array.IndexOf(endTags, _tokens.Next.Text) >= 0)
            {
                _tokens.Take();
                _endTags.Pop();
                return new([.. statements]);
            }

            statements.Add(ParsePart());
        }

        return endTags.Length == 0 ? new([.. statements]) : throw NotClosed(null);
    }

    private Statement ParsePart()
    {
        Token token = _tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Data:
                return new TextStatement(token.Position, token.Text);
            case TokenKind.OutputBegin:
                Expression value = ParseTuple();
                _tokens.Expect(TokenKind.OutputEnd, "'}}'");
                return new OutputStatement(token.Position, value);
            default:
                Token tag = _tokens.Expect(TokenKind.Name, "the name of a tag");
                Statement statement = Nested(tag, () => ParseStatement(tag, token.Position));
                _tokens.Expect(TokenKind.BlockEnd, "'%}'");
                return statement;
        }
    }

    /// <summary>A tag's body: <c>%}</c>, statements, and one of the end tags, which is taken.</summary>
    private Block ParseBody(params string[] endTags)
    {
        _tokens.TakeIf(":");
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        return ParseBlock(endTags);
    }

    private Block ParseBodyTo(string endTag)
    {
        Block body = ParseBody(endTag);
        _tokens.Take();
        return body;
    }

    /// <summary>Parses one level deeper.</summary>
    private T Nested<T>(Token token, Func<T> parse)
    {
        if (++_nesting > MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw _tokens.Error(token, $"nested deeper than {MaxNesting}");
        T result = parse();
        _nesting--;
        return result;
    }

    private T Checked<T>(T expression) where T : Expression
    {
        if (expression.Height <= MaxHeight) return expression;
        string reason = $"an expression of more than {MaxHeight} operators in a row";
        throw new TemplateException(_templateName, expression.Position.Line, expression.Position.Column, reason);
    }

    /// <summary>The one copy of a name, so that comparing names is mostly comparing references.</summary>
    private string Pooled(string name)
    {
        if (_names.TryGetValue(name, out string? pooled)) return pooled;
        _names.Add(name);
        return name;
    }

    /// <summary>The error of a tag that does not fit here, or of the template's end (null).</summary>
    private TemplateException NotClosed(Token? tag)
    {
        string message = tag is { } token ? $"unknown tag '{token.Text}'" : "unexpected end of template";
        if (_endTags.Count > 0) message += $"; expected {string.Join(" or ", _endTags.Peek().Select(name => $"'{name}'"))}";
        if (_openTags.Count > 0) message += $" (the innermost open tag is '{_openTags.Peek()}')";
        return _tokens.Error(tag ?? _tokens.Current, message);
    }
}
