using System.Globalization;
using System.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>
/// Translates an expression of Oniguruma (Ruby's syntax, which Hugging Face's library uses) to .NET, letter by letter of an <see cref="ExpressionAlphabet"/>.
/// What differs between the two: characters beyond the basic plane, <c>\w</c> and word boundaries, <c>^ $</c> (always of lines), possessive quantifiers,
/// <c>{n}+</c> (not possessive) and <c>{n}?</c> (not lazy), <c>\h \R</c>, nested and intersected classes, case folding. What is not known is refused.
/// </summary>
internal sealed class ExpressionTranslator
{
    private const int MaximumLength = 1 << 14;
    private const int MaximumDepth = 100;
    private readonly ExpressionReader _reader;
    private readonly List<CodePointSet> _sets = [];
    private readonly List<object> _output = [];
    private int _depth;

    /// <summary>The length of the output behind the last character whose case does not count.</summary>
    private int _foldedEnd;

    private ExpressionTranslator(string expression) => _reader = new ExpressionReader(expression);

    /// <summary>Whether the translation uses what only a backtracking matcher has: assertions and atomic groups.</summary>
    private bool NeedsBacktracking { get; set; }

    /// <summary>The .NET expression, its alphabet, and whether a matcher without backtracking can run it.</summary>
    /// <exception cref="ExpressionException">Malformed, or not implemented.</exception>
    public static (string Expression, ExpressionAlphabet Alphabet, bool NeedsBacktracking) Translate(string expression)
    {
        if (expression.Length > MaximumLength) throw new ExpressionException(0, $"it has more than {MaximumLength} characters");
        var translator = new ExpressionTranslator(expression);
        translator.ReadAlternatives(new ExpressionOptions());
        if (!translator._reader.AtEnd) throw translator._reader.Error("')' without '('");
        ExpressionAlphabet alphabet = ExpressionAlphabet.Create(translator._sets) ?? throw new ExpressionException(0, "it tells too many characters apart");
        var text = new StringBuilder();
        foreach (object part in translator._output) text.Append(part is int set ? alphabet.ClassOf(set) : part);
        return (text.ToString(), alphabet, translator.NeedsBacktracking);
    }

    // Options set in the middle of a group hold to its end, alternatives included.
    private void ReadAlternatives(ExpressionOptions options)
    {
        if (++_depth > MaximumDepth) throw _reader.Error("groups are nested too deeply");
        while (!_reader.AtEnd && _reader.Peek() != ')')
        {
            if (_reader.TryTake("|")) Write("|");
            else ReadPart(ref options);
        }

        _depth--;
    }

    private void ReadPart(ref ExpressionOptions options)
    {
        int start = _output.Count;
        if (_reader.TryTake("(?") && TryReadOptions(ref options)) return;
        if (ReadAtom(options)) ReadQuantifiers(start);
    }

    /// <summary>Options that stand alone, such as <c>(?i)</c>; anything else that begins with <c>(?</c> is given back.</summary>
    private bool TryReadOptions(ref ExpressionOptions options)
    {
        int position = _reader.Position;
        ExpressionOptions changed = ReadOptions(options);
        if (changed != options && _reader.TryTake(")"))
        {
            options = changed;
            return true;
        }

        _reader.Return(position - 2);
        return false;
    }

    private ExpressionOptions ReadOptions(ExpressionOptions options)
    {
        for (bool value = true; ;)
        {
            if (_reader.TryTake("-")) value = false;
            else if (_reader.TryTake("i")) options = options with { IgnoreCase = value };
            else if (_reader.TryTake("m")) options = options with { DotMatchesNewline = value };
            else return options;
        }
    }

    /// <summary>Reads one thing; false where no quantifier can follow it.</summary>
    private bool ReadAtom(ExpressionOptions options)
    {
        int codePoint = _reader.Next();
        switch (codePoint)
        {
            case '(':
                return ReadGroup(options);
            case '[':
                Write(ClassReader.Read(_reader, options.IgnoreCase));
                return true;
            case '.':
                Write(options.DotMatchesNewline ? CodePointSet.All : UnicodeSets.Newline.Not());
                return true;
            case '^':
                WriteAssertion(@"(?:\A|(?<=", UnicodeSets.Newline, @")(?!\z))");
                return false;
            case '$':
                WriteAssertion("(?=", UnicodeSets.Newline, @"|\z)");
                return false;
            case '\\':
                return ReadEscape(options);
            case '*' or '+' or '?':
                throw _reader.Error("a quantifier without anything before it");
            default:
                WriteCharacter(CodePointSet.Of(codePoint), options);
                return true;
        }
    }

    private bool ReadEscape(ExpressionOptions options)
    {
        if (_reader.TryTake("A")) return WriteAnchor(@"\A");
        if (_reader.TryTake("z")) return WriteAnchor(@"\z");
        if (_reader.TryTake("Z"))
        {
            WriteAssertion("(?=", UnicodeSets.Newline, @"?\z)");
            return false;
        }

        if (_reader.Peek() is 'b' or 'B') return WriteBoundary(_reader.Next() == 'b');
        if (_reader.TryTake("R"))
        {
            CodePointSet lineEnds = CodePointSet.Of([('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)]);
            Write("(?>");
            Write(CodePointSet.Of('\r'));
            WriteAssertion("", UnicodeSets.Newline, "|");
            Write(lineEnds);
            Write(")");
            return true;
        }

        WriteCharacter(_reader.ReadEscape(), options);
        return true;
    }

    private bool ReadGroup(ExpressionOptions options)
    {
        string opening = "(?:";
        bool isAssertion = false;
        if (_reader.TryTake("?"))
        {
            foreach (string kind in new[] { "=", "!", "<=", "<!", ">" })
            {
                if (!_reader.TryTake(kind)) continue;
                opening = "(?" + kind;
                isAssertion = kind != ">";
                NeedsBacktracking = true;
                break;
            }

            if (opening == "(?:")
            {
                options = ReadOptions(options);
                if (!_reader.TryTake(":")) throw _reader.Error("this kind of group is not implemented");
            }
        }

        Write(opening);
        ReadAlternatives(options);
        if (!_reader.TryTake(")")) throw _reader.Error("')' is missing");
        Write(")");
        return !isAssertion;
    }

    private void ReadQuantifiers(int start)
    {
        while (TryReadQuantifier(out string quantifier, out bool isInterval))
        {
            // "{n}?" with one number is an optional repetition, not a lazy one, and "{…}+" a repeated one, not a possessive one.
            bool lazy = !(isInterval && !quantifier.Contains(',', StringComparison.Ordinal)) && _reader.TryTake("?");
            bool possessive = !lazy && !isInterval && _reader.TryTake("+");
            _output.Insert(start, possessive ? "(?>" : "(?:");
            Write(quantifier + (lazy ? "?)" : ")"));
            NeedsBacktracking |= possessive;
        }
    }

    private bool TryReadQuantifier(out string quantifier, out bool isInterval)
    {
        isInterval = false;
        foreach (string simple in new[] { "*", "+", "?" })
        {
            quantifier = simple;
            if (_reader.TryTake(simple)) return true;
        }

        quantifier = "";
        int position = _reader.Position;
        if (!_reader.TryTake("{")) return false;
        int? minimum = _reader.TakeNumber();
        bool comma = _reader.TryTake(",");
        int? maximum = comma ? _reader.TakeNumber() : minimum;
        isInterval = (minimum ?? maximum) is not null && _reader.TryTake("}");
        if (!isInterval)
        {
            // A brace that begins no interval stands for itself.
            _reader.Return(position);
            return false;
        }

        if (maximum < (minimum ?? 0)) throw _reader.Error("an interval ends before it begins");
        quantifier = !comma ? Text($"{{{minimum}}}") : maximum is null ? Text($"{{{minimum},}}") : Text($"{{{minimum ?? 0},{maximum}}}");
        return true;
    }

    private void WriteCharacter(CodePointSet set, ExpressionOptions options)
    {
        if (!options.IgnoreCase)
        {
            Write(set);
            return;
        }

        bool isCharacter = set.Ranges is [var (low, high)] && low == high;
        bool follows = _output.Count > 0 && _output.Count == _foldedEnd;
        CodePointSet closed = CaseFolding.Close(set);
        if (isCharacter && (CaseFolding.FoldsToSeveral(set) || (follows && CaseFolding.FoldsToSeveral(_sets[^1], closed))))
        {
            throw _reader.Error("'(?i)' with a character that equals several others is not implemented");
        }

        Write(closed);
        _foldedEnd = isCharacter ? _output.Count : 0;
    }

    private void WriteAssertion(string before, CodePointSet set, string after)
    {
        NeedsBacktracking = true;
        Write(before);
        Write(set);
        Write(after);
    }

    private bool WriteAnchor(string anchor)
    {
        NeedsBacktracking = true;
        Write(anchor);
        return false;
    }

    private bool WriteBoundary(bool isBoundary)
    {
        string[] signs = isBoundary ? ["(?<=", ")(?!", "(?<!", ")(?="] : ["(?<=", ")(?=", "(?<!", ")(?!"];
        WriteAssertion("(?:" + signs[0], UnicodeSets.Word, signs[1]);
        WriteAssertion("", UnicodeSets.Word, ")|" + signs[2]);
        WriteAssertion("", UnicodeSets.Word, signs[3]);
        WriteAssertion("", UnicodeSets.Word, "))");
        return false;
    }

    private void Write(string text) => _output.Add(text);

    private void Write(CodePointSet set)
    {
        _output.Add(_sets.Count);
        _sets.Add(set);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct ExpressionOptions(bool IgnoreCase, bool DotMatchesNewline);
}
