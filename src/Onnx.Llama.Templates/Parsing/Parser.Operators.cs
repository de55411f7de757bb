using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>Operators, from those that bind least to those that bind most.</summary>
internal sealed partial class Parser
{
    private Expression ParseExpression(bool allowsCondition = true) =>
        Nested(_tokens.Current, () => allowsCondition ? ParseConditional() : ParseOr());

    private Expression ParseConditional()
    {
        SourcePosition position = _tokens.Current.Position;
        int unknown = _unknownNames.Count;
        Expression expression = ParseOr();
        while (_tokens.TakeIfName("if"))
        {
            Expression condition = ParseOr();
            Expression? otherwise = _tokens.TakeIfName("else") ? ParseExpression() : null;
            expression = Checked(new ConditionalExpression(position, condition, expression, otherwise));
            // Jinja2 looks for the filters and tests of such a branch only when it is taken.
            _unknownNames.RemoveRange(unknown, _unknownNames.Count - unknown);
        }

        return expression;
    }

    private Expression ParseOr()
    {
        SourcePosition position = _tokens.Current.Position;
        Expression left = ParseAnd();
        while (_tokens.TakeIfName("or")) left = Checked(new LogicalExpression(position, true, left, ParseAnd()));
        return left;
    }

    private Expression ParseAnd()
    {
        SourcePosition position = _tokens.Current.Position;
        Expression left = ParseNot();
        while (_tokens.TakeIfName("and")) left = Checked(new LogicalExpression(position, false, left, ParseNot()));
        return left;
    }

    private Expression ParseNot()
    {
        if (!_tokens.Current.IsName("not")) return ParseComparison();
        Token not = _tokens.Take();
        return Checked(new NotExpression(not.Position, Nested(not, ParseNot)));
    }

    private Expression ParseComparison()
    {
        SourcePosition position = _tokens.Current.Position;
        Expression first = ParseSum();
        List<KeyValuePair<ComparisonOperator, Expression>> others = [];
        while (TakeComparison() is { } comparison) others.Add(new(comparison, ParseSum()));
        return others.Count == 0 ? first : Checked(new ComparisonExpression(position, first, [.. others]));
    }

    private ComparisonOperator? TakeComparison()
    {
        Token token = _tokens.Current;
        ComparisonOperator? comparison = token.Kind switch
        {
            TokenKind.Operator => token.Text switch
            {
                "==" => ComparisonOperator.Equal,
                "!=" => ComparisonOperator.NotEqual,
                "<" => ComparisonOperator.Less,
                "<=" => ComparisonOperator.LessOrEqual,
                ">" => ComparisonOperator.Greater,
                ">=" => ComparisonOperator.GreaterOrEqual,
                _ => null,
            },
            TokenKind.Name when token.Text == "in" => ComparisonOperator.In,
            TokenKind.Name when token.Text == "not" && _tokens.Next.IsName("in") => ComparisonOperator.NotIn,
            _ => null,
        };
        if (comparison is not null) _tokens.Take();
        if (comparison == ComparisonOperator.NotIn) _tokens.Take();
        return comparison;
    }

    private Expression ParseSum() => ParseBinary(ParseConcatenation, token => token switch
    {
        "+" => BinaryOperator.Add,
        "-" => BinaryOperator.Subtract,
        _ => null,
    });

    private Expression ParseConcatenation()
    {
        SourcePosition position = _tokens.Current.Position;
        Expression first = ParseProduct();
        if (!_tokens.Current.Is("~")) return first;
        List<Expression> parts = [first];
        while (_tokens.TakeIf("~")) parts.Add(ParseProduct());
        return Checked(new ConcatExpression(position, [.. parts]));
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, token => token switch
    {
        "*" => BinaryOperator.Multiply,
        "/" => BinaryOperator.Divide,
        "//" => BinaryOperator.FloorDivide,
        "%" => BinaryOperator.Modulo,
        _ => null,
    });

    /// <summary>In Jinja2, unlike Python, powers group from the left and bind less than a sign.</summary>
    private Expression ParsePower() => ParseBinary(() => ParseUnary(allowsFilters: true), token => token == "**" ? BinaryOperator.Power : null);

    private Expression ParseBinary(Func<Expression> parseOperand, Func<string, BinaryOperator?> operatorOf)
    {
        SourcePosition position = _tokens.Current.Position;
        Expression left = parseOperand();
        while (_tokens.Current.Kind == TokenKind.Operator && operatorOf(_tokens.Current.Text) is { } binary)
        {
            _tokens.Take();
            left = Checked(new BinaryExpression(position, binary, left, parseOperand()));
        }

        return left;
    }

    private Expression ParseUnary(bool allowsFilters)
    {
        Token token = _tokens.Current;
        Expression expression;
        if (token.Is("-") || token.Is("+"))
        {
            _tokens.Take();
            expression = Checked(new SignExpression(token.Position, token.Is("-"), Nested(token, () => ParseUnary(allowsFilters: false))));
        }
        else
        {
            expression = ParsePrimary();
        }

        expression = ParsePostfix(expression);
        return allowsFilters ? ParseFiltersAndTests(expression) : expression;
    }
}
