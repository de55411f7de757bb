using Onnx.Llama.Templates.Runtime;
using Onnx.Llama.Templates.Syntax;

namespace Onnx.Llama.Templates.Parsing;

/// <summary>The tags.</summary>
internal sealed partial class Parser
{
    /// <summary>How many loops are open in the current macro: where break and continue may stand.</summary>
    private int _loops;

    /// <summary>Which special names the current macro has read so far.</summary>
    private MacroNames _uses;

    private Statement ParseStatement(Token tag, SourcePosition position)
    {
        _openTags.Push(tag.Text);
        Statement statement = tag.Text switch
        {
            "for" => ParseFor(position),
            "if" => ParseIf(position),
            "set" => ParseSet(position),
            "macro" => ParseMacro(position),
            "call" => ParseCallBlock(tag, position),
            "filter" => Hard(() => ParseFilterBlock(position)),
            "with" => ParseWith(position),
            "generation" => ParseGeneration(position),
            "print" => ParsePrint(position),
            "break" => ParseLoopControl(tag, position, Flow.Break),
            "continue" => ParseLoopControl(tag, position, Flow.Continue),
            "block" or "extends" or "include" or "import" or "from" or "autoescape" => throw Refused(tag),
            _ => throw Unknown(tag),
        };
        _openTags.Pop();
        return statement;
    }

    private TemplateException Refused(Token tag) =>
        _tokens.Error(tag, $"the tag '{tag.Text}' is not supported: a chat template is one file that prints plain text");

    private TemplateException Unknown(Token tag)
    {
        _openTags.Pop();
        return NotClosed(tag);
    }

    private ForStatement ParseFor(SourcePosition position)
    {
        AssignmentTarget target = ParseTarget(allowsNamespace: false, endName: "in");
        _tokens.ExpectName("in");
        Expression iterable = ParseTuple(allowsCondition: false, endName: "recursive");
        Expression? condition = _tokens.TakeIfName("if") ? Hard(() => ParseExpression()) : null;
        bool isRecursive = _tokens.TakeIfName("recursive");
        _loops++;
        Block body = Hard(() => ParseBody("endfor", "else"));
        _loops--;
        Block otherwise = _tokens.Take().Text == "else" ? Hard(() => ParseBodyTo("endfor")) : Block.Empty;
        return new(position, target, iterable, condition, isRecursive, body, otherwise);
    }

    private IfStatement ParseIf(SourcePosition position)
    {
        bool wasSoft = _isSoft;
        _isSoft = true;
        List<KeyValuePair<Expression, Block>> branches = [];
        do
        {
            Expression condition = ParseTuple(allowsCondition: false);
            branches.Add(new(condition, ParseBody("elif", "else", "endif")));
        }
        while (_tokens.TakeIfName("elif"));
        Block otherwise = _tokens.Take().Text == "else" ? ParseBodyTo("endif") : Block.Empty;
        _isSoft = wasSoft;
        return new(position, [.. branches], otherwise);
    }

    private Statement ParseSet(SourcePosition position)
    {
        AssignmentTarget target = ParseTarget(allowsNamespace: true);
        if (_tokens.TakeIf("=")) return new SetStatement(position, target, ParseTuple());
        FilterExpression? filter = (FilterExpression?)Hard(() => ParseFilters(null));
        return new SetBlockStatement(position, target, filter, Hard(() => ParseBodyTo("endset")));
    }

    private MacroStatement ParseMacro(SourcePosition position)
    {
        string name = TakeNewName("the macro's name");
        return new(position, name, ParseMacroBody(name, "endmacro", () => Hard(ParseParameters)));
    }

    private CallBlockStatement ParseCallBlock(Token tag, SourcePosition position)
    {
        CallExpression? call = null;
        Macro body = ParseMacroBody(null, "endcall", () =>
        {
            (string[], Expression?[]) parameters = _tokens.Current.Is("(") ? ParseParameters() : ([], []);
            call = ParseExpression() as CallExpression ?? throw _tokens.Error(tag, "'call' must be followed by a call");
            return parameters;
        });
        return new(position, call!, body);
    }

    private FilterBlockStatement ParseFilterBlock(SourcePosition position)
    {
        FilterExpression filter = (FilterExpression)ParseFilters(ParseFilter(null))!;
        return new(position, filter, ParseBodyTo("endfilter"));
    }

    private WithStatement ParseWith(SourcePosition position)
    {
        List<KeyValuePair<AssignmentTarget, Expression>> values = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0) _tokens.Expect(",");
            AssignmentTarget target = ParseTarget(allowsNamespace: false);
            _tokens.Expect("=");
            values.Add(new(target, ParseExpression()));
        }

        return new(position, [.. values], Hard(() => ParseBodyTo("endwith")));
    }

    /// <summary>transformers makes it a call block, so that a loop around cannot be left from within.</summary>
    private GenerationStatement ParseGeneration(SourcePosition position)
    {
        MarksGeneration = true;
        int loops = _loops;
        _loops = 0;
        (MacroNames outer, _uses) = (_uses, MacroNames.None);
        Block body = Hard(() => ParseBodyTo("endgeneration"));
        GenerationStatement statement = new(position, body, _uses);
        (_loops, _uses) = (loops, outer | _uses);
        return statement;
    }

    private OutputStatement ParsePrint(SourcePosition position)
    {
        List<Expression> parts = [ParseExpression()];
        while (_tokens.TakeIf(",")) parts.Add(ParseExpression());
        return new(position, parts.Count == 1 ? parts[0] : Checked(new ConcatExpression(position, [.. parts])));
    }

    private LoopControlStatement ParseLoopControl(Token tag, SourcePosition position, Flow flow) =>
        _loops > 0 ? new(position, flow) : throw _tokens.Error(tag, $"'{tag.Text}' outside of a loop");

    /// <summary>Parameters and body of a macro, in which loops around do not count.</summary>
    private Macro ParseMacroBody(string? name, string endTag, Func<(string[] Names, Expression?[] Defaults)> parseHead)
    {
        (int loops, MacroNames uses) = (_loops, _uses);
        (_loops, _uses) = (0, MacroNames.None);
        (string[] names, Expression?[] defaults) = parseHead();
        Macro macro = new(name, names, defaults, Hard(() => ParseBodyTo(endTag)), _uses);
        (_loops, _uses) = (loops, uses | _uses);
        return macro;
    }

    private (string[] Names, Expression?[] Defaults) ParseParameters()
    {
        List<string> names = [];
        List<Expression?> defaults = [];
        _tokens.Expect("(");
        while (!_tokens.TakeIf(")"))
        {
            if (names.Count > 0) _tokens.Expect(",");
            Token name = _tokens.Current;
            TakeNewName("the name of a parameter");
            if (names.Count >= MaxNames) throw _tokens.Error(name, $"a macro of more than {MaxNames} parameters");
            if (names.Contains(name.Text)) throw _tokens.Error(name, $"parameter '{name.Text}' is declared twice");
            names.Add(Pooled(name.Text));
            defaults.Add(_tokens.TakeIf("=") ? ParseExpression() : null);
            if (name.Text == "caller" && defaults[^1] is null) throw _tokens.Error(name, "a parameter 'caller' must have a default");
            if (defaults[^1] is null && defaults.Exists(value => value is not null))
            {
                throw _tokens.Error(name, $"parameter '{name.Text}' without a default follows one with a default");
            }
        }

        return ([.. names], [.. defaults]);
    }

    private AssignmentTarget ParseTarget(bool allowsNamespace, string? endName = null)
    {
        Token first = _tokens.Current;
        List<AssignmentTarget> targets = [];
        bool isTuple = false;
        while (_tokens.Current.Kind == TokenKind.Name ? _tokens.Current.Text != endName : _tokens.Current.Is("("))
        {
            targets.Add(ParseSingleTarget(allowsNamespace));
            if (!_tokens.TakeIf(",")) break;
            if (_tokens.Current.Is("=")) throw _tokens.Unexpected("a name to assign to");
            isTuple = true;
        }

        if (targets.Count == 0) throw _tokens.Error(first, $"unexpected {first.Describe()}; expected a name to assign to");
        return isTuple ? new TupleTarget([.. targets]) : targets[0];
    }

    private AssignmentTarget ParseSingleTarget(bool allowsNamespace)
    {
        if (_tokens.Current.Is("("))
        {
            Token open = _tokens.Take();
            AssignmentTarget inner = Nested(open, () => ParseTarget(allowsNamespace: false));
            _tokens.Expect(")");
            return inner;
        }

        string name = TakeNewName("a name to assign to");
        if (!allowsNamespace || !_tokens.TakeIf(".")) return new NameTarget(name);
        return new NamespaceTarget(name, Pooled(_tokens.Expect(TokenKind.Name, "the name of an attribute").Text));
    }

    /// <summary>A name that may be given to a value.</summary>
    private string TakeNewName(string what)
    {
        Token name = _tokens.Expect(TokenKind.Name, what);
        bool isLiteral = name.Text is "true" or "false" or "none" or "True" or "False" or "None";
        return isLiteral ? throw _tokens.Error(name, $"can't assign to '{name.Text}'") : Pooled(name.Text);
    }
}
