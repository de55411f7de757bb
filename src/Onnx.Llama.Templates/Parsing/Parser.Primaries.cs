using System.Globalization;
using Onnx.Llama.Templates.Syntax;
using Onnx.Llama.Templates.Values;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>Literals, names, brackets.</summary>
internal sealed partial class Parser
{
    private Expression ParsePrimary()
    {
        Token token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ParseName(_tokens.Take());
            case TokenKind.String:
                return ParseString();
            case TokenKind.Integer:
                return ParseInteger(_tokens.Take());
            case TokenKind.Float:
                _tokens.Take();
                return new LiteralExpression(token.Position, new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Operator when token.Text == "(":
                _tokens.Take();
                Expression inner = ParseTuple(isBracketed: true);
                _tokens.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(_tokens.Take());
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(_tokens.Take());
            default:
                throw _tokens.Unexpected("an expression");
        }
    }

    private Expression ParseName(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True": return new LiteralExpression(token.Position, BooleanValue.True);
            case "false" or "False": return new LiteralExpression(token.Position, BooleanValue.False);
            case "none" or "None": return new LiteralExpression(token.Position, NoneValue.Instance);
            case "caller": _uses |= MacroNames.Caller; break;
            case "varargs": _uses |= MacroNames.VarArgs; break;
            case "kwargs": _uses |= MacroNames.KwArgs; break;
        }

        return new NameExpression(token.Position, Pooled(token.Text));
    }

    private LiteralExpression ParseString()
    {
        Token first = _tokens.Take();
        if (_tokens.Current.Kind != TokenKind.String) return new(first.Position, new StringValue(first.Text));
        List<string> parts = [first.Text];
        while (_tokens.Current.Kind == TokenKind.String) parts.Add(_tokens.Take().Text);
        return new(first.Position, new StringValue(string.Concat(parts)));
    }

    private LiteralExpression ParseInteger(Token token)
    {
        if (token.Text.Length > NumberSyntax.MaxDigits)
        {
            throw _tokens.Error(token, $"an integer of {token.Text.Length} digits; at most {NumberSyntax.MaxDigits} are read");
        }

        return new(token.Position, IntegerValue.Of(NumberSyntax.ParseInteger(token.Text)));
    }

    private ListExpression ParseList(Token open)
    {
        List<Expression> items = [];
        while (!_tokens.Current.Is("]"))
        {
            if (items.Count > 0) _tokens.Expect(",");
            if (_tokens.Current.Is("]")) break;
            items.Add(ParseExpression());
        }

        _tokens.Expect("]");
        return Checked(new ListExpression(open.Position, [.. items]));
    }

    private DictExpression ParseDict(Token open)
    {
        List<Expression> keys = [], values = [];
        while (!_tokens.Current.Is("}"))
        {
            if (keys.Count > 0) _tokens.Expect(",");
            if (_tokens.Current.Is("}")) break;
            keys.Add(ParseExpression());
            _tokens.Expect(":");
            values.Add(ParseExpression());
        }

        _tokens.Expect("}");
        return Checked(new DictExpression(open.Position, [.. keys], [.. values]));
    }

    /// <summary>One expression, or a tuple where a comma follows it. Empty brackets are the empty tuple.</summary>
    private Expression ParseTuple(bool allowsCondition = true, string? endName = null, bool isBracketed = false)
    {
        Token first = _tokens.Current;
        List<Expression> items = [];
        bool isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(ParseExpression(allowsCondition));
            if (!_tokens.Current.Is(",")) break;
            isTuple = true;
            _tokens.Take();
        }

        if (isTuple || (items.Count == 0 && isBracketed)) return Checked(new TupleExpression(first.Position, [.. items]));
        return items.Count > 0 ? items[0] : throw _tokens.Unexpected("an expression");
    }

    private bool IsTupleEnd(string? endName) =>
        _tokens.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || _tokens.Current.Is(")")
        || (endName is not null && _tokens.Current.IsName(endName));
}
