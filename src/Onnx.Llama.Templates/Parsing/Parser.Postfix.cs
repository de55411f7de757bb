using Onnx.Llama.Templates.Builtins;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>What follows an operand: attributes, elements, calls, filters, tests.</summary>
internal sealed partial class Parser
{
    /// <summary>Whether the current tags stand in an <c>if</c>, where an unknown filter or test is an error only when it is reached.</summary>
    private bool _isSoft;

    private Expression ParsePostfix(Expression expression)
    {
        for (; ; )
        {
            if (_tokens.Current.Is(".")) expression = ParseAttribute(expression);
            else if (_tokens.Current.Is("[")) expression = ParseSubscript(expression);
            else if (_tokens.Current.Is("(")) expression = ParseCall(expression);
            else return expression;
        }
    }

    private Expression ParseAttribute(Expression target)
    {
        Token dot = _tokens.Take();
        Token name = _tokens.Take();
        if (name.Kind == TokenKind.Name) return Checked(new AttributeExpression(dot.Position, target, Pooled(name.Text)));
        if (name.Kind == TokenKind.Integer) return Checked(new SubscriptExpression(dot.Position, target, ParseInteger(name)));
        throw _tokens.Error(name, $"unexpected {name.Describe()}; expected a name or a number");
    }

    private SubscriptExpression ParseSubscript(Expression target)
    {
        Token open = _tokens.Take();
        List<Expression> keys = [];
        while (!_tokens.Current.Is("]"))
        {
            if (keys.Count > 0) _tokens.Expect(",");
            keys.Add(ParseSubscriptKey());
        }

        _tokens.Expect("]");
        Expression key = keys.Count == 1 ? keys[0] : new TupleExpression(open.Position, [.. keys]);
        return Checked(new SubscriptExpression(open.Position, target, key));
    }

    private Expression ParseSubscriptKey()
    {
        Token first = _tokens.Current;
        Expression? start = first.Is(":") ? null : ParseExpression();
        if (!_tokens.TakeIf(":")) return start!;
        Expression? stop = IsSlicePartEnd() || _tokens.Current.Is(":") ? null : ParseExpression();
        Expression? step = _tokens.TakeIf(":") && !IsSlicePartEnd() ? ParseExpression() : null;
        return new SliceExpression(first.Position, start, stop, step);
    }

    private bool IsSlicePartEnd() => _tokens.Current.Is("]") || _tokens.Current.Is(",");

    private CallExpression ParseCall(Expression target)
    {
        Token open = _tokens.Current;
        return Checked(new CallExpression(open.Position, target, ParseArguments()));
    }

    private ArgumentList ParseArguments()
    {
        Token open = _tokens.Expect("(");
        List<Expression> positional = [];
        List<KeyValuePair<string, Expression>> named = [];
        Expression? spread = null, namedSpread = null;
        for (bool first = true; !_tokens.Current.Is(")"); first = false)
        {
            if (!first) _tokens.Expect(",");
            if (_tokens.Current.Is(")")) break;
            bool isNamed = _tokens.Current.Kind == TokenKind.Name && _tokens.Next.Is("=");
            bool isSpread = _tokens.Current.Is("*");
            bool isPositional = !isNamed && !isSpread && !_tokens.Current.Is("**");
            bool fits = namedSpread is null && (!isSpread || spread is null) && (!isPositional || (spread is null && named.Count == 0));
            if (!fits) throw _tokens.Error(open, "invalid order of arguments; expected positional ones, named ones, *sequence, **mapping");
            if (_tokens.TakeIf("*")) spread = ParseExpression();
            else if (_tokens.TakeIf("**")) namedSpread = ParseExpression();
            else if (isNamed) named.Add(ParseNamedArgument(named));
            else positional.Add(ParseExpression());
        }

        _tokens.Expect(")");
        return new([.. positional], [.. named], spread, namedSpread);
    }

    private KeyValuePair<string, Expression> ParseNamedArgument(List<KeyValuePair<string, Expression>> named)
    {
        Token name = _tokens.Take();
        if (named.Count >= MaxNames) throw _tokens.Error(name, $"a call with more than {MaxNames} named arguments");
        if (named.Exists(argument => argument.Key == name.Text)) throw _tokens.Error(name, $"argument '{name.Text}' is given twice");
        _tokens.Expect("=");
        return new(Pooled(name.Text), ParseExpression());
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        for (; ; )
        {
            if (_tokens.Current.Is("|")) expression = ParseFilters(expression)!;
            else if (_tokens.Current.IsName("is")) expression = ParseTest(expression);
            else if (_tokens.Current.Is("(")) expression = ParseCall(expression);
            else return expression;
        }
    }

    /// <summary>The filters that follow, if any.</summary>
    private Expression? ParseFilters(Expression? target)
    {
        while (_tokens.TakeIf("|")) target = ParseFilter(target);
        return target;
    }

    private FilterExpression ParseFilter(Expression? target)
    {
        Token token = _tokens.Current;
        string name = ParseDottedName("a filter");
        if (Filters.Find(name) is null) NoteUnknown(token, $"No filter named '{name}'.");
        return Checked(new FilterExpression(token.Position, target, name, _tokens.Current.Is("(") ? ParseArguments() : ArgumentList.Empty));
    }

    private Expression ParseTest(Expression target)
    {
        Token token = _tokens.Take();
        bool isNegated = _tokens.TakeIfName("not");
        string name = ParseDottedName("a test");
        if (Tests.Find(name) is null) NoteUnknown(token, $"No test named '{name}'.");
        TestExpression test = Checked(new TestExpression(token.Position, target, name, ParseTestArguments()));
        return isNegated ? Checked(new NotExpression(token.Position, test)) : test;
    }

    /// <summary>In brackets, or one operand without.</summary>
    private ArgumentList ParseTestArguments()
    {
        Token token = _tokens.Current;
        if (token.Is("(")) return ParseArguments();
        if (token.IsName("is")) throw _tokens.Error(token, "tests cannot be chained with 'is'");
        bool isOperand = token.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || token.Is("[") || token.Is("{")
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and"));
        return isOperand ? new([Nested(token, () => ParsePostfix(ParsePrimary()))], [], null, null) : ArgumentList.Empty;
    }

    private string ParseDottedName(string what)
    {
        string name = _tokens.Expect(TokenKind.Name, $"the name of {what}").Text;
        while (_tokens.TakeIf(".")) name += "." + _tokens.Expect(TokenKind.Name, $"the name of {what}").Text;
        return name;
    }

    private void NoteUnknown(Token token, string reason)
    {
        if (!_isSoft) _unknownNames.Add(_tokens.Error(token, reason));
    }

    /// <summary>Parses what has a scope of its own, where Jinja2 looks for filters and tests at once even within an <c>if</c>.</summary>
    private T Hard<T>(Func<T> parse)
    {
        bool wasSoft = _isSoft;
        _isSoft = false;
        T result = parse();
        _isSoft = wasSoft;
        return result;
    }
}
