namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>Reads a bracketed class: ranges, escapes, nested classes, POSIX brackets, <c>&amp;&amp;</c>.</summary>
internal static class ClassReader
{
    private const int MaximumDepth = 20;

    /// <summary>The set of a class; the opening bracket is taken already.</summary>
    public static CodePointSet Read(ExpressionReader reader, bool ignoreCase, int depth = 0)
    {
        if (depth > MaximumDepth) throw reader.Error("classes are nested too deeply");
        bool negated = reader.TryTake("^");
        CodePointSet set = CodePointSet.Empty;
        CodePointSet? intersection = null;
        for (bool first = true; first || !reader.TryTake("]"); first = false)
        {
            // A closing bracket right at the beginning stands for itself.
            if (first && reader.TryTake("]"))
            {
                set = set.Or(CodePointSet.Of(']'));
            }
            else if (reader.TryTake("&&"))
            {
                intersection = intersection?.And(set) ?? set;
                set = CodePointSet.Empty;
            }
            else
            {
                set = set.Or(ReadItem(reader, ignoreCase, depth));
            }
        }

        set = intersection?.And(set) ?? set;
        if (ignoreCase)
        {
            if (!negated && CaseFolding.FoldsToSeveral(set)) throw reader.Error("'(?i)' with a character that equals several others is not implemented");
            set = CaseFolding.Close(set);
        }

        return negated ? set.Not() : set;
    }

    private static CodePointSet ReadItem(ExpressionReader reader, bool ignoreCase, int depth)
    {
        if (reader.TryTake("[:")) return ReadPosix(reader);
        if (reader.TryTake("[")) return Read(reader, ignoreCase, depth + 1);
        CodePointSet first = ReadCharacter(reader);
        bool isRange = reader.Peek() == '-' && reader.Peek(1) is not (']' or '\0') && first.Ranges is [var (low, high)] && low == high;
        if (!isRange) return first;
        reader.TryTake("-");
        if (reader.Peek() == '[') return first.Or(CodePointSet.Of('-'));
        CodePointSet last = ReadCharacter(reader);
        if (last.Ranges is not [var (start, end)] || start != end || start < first.Ranges[0].First) throw reader.Error("a range ends before it begins");
        return CodePointSet.Range(first.Ranges[0].First, end);
    }

    private static CodePointSet ReadCharacter(ExpressionReader reader)
    {
        int codePoint = reader.Next();
        return codePoint == '\\' ? reader.ReadEscape() : CodePointSet.Of(codePoint);
    }

    private static CodePointSet ReadPosix(ExpressionReader reader)
    {
        bool negated = reader.TryTake("^");
        string name = reader.TakeUntil(":]");
        CodePointSet set = UnicodeSets.Posix(name) ?? throw reader.Error($"the class '[:{name}:]' is not implemented");
        return negated ? set.Not() : set;
    }
}
