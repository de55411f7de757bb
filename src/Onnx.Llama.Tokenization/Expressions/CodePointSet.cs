namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>A set of code points, as sorted ranges that do not touch. Immutable.</summary>
internal sealed class CodePointSet
{
    public const int Maximum = 0x10FFFF;
    public static readonly CodePointSet Empty = new([]);
    public static readonly CodePointSet All = Range(0, Maximum);

    private CodePointSet((int First, int Last)[] ranges) => Ranges = ranges;

    public (int First, int Last)[] Ranges { get; }

    public bool IsEmpty => Ranges.Length == 0;

    public static CodePointSet Of(int codePoint) => Range(codePoint, codePoint);

    public static CodePointSet Range(int first, int last) => new([(first, last)]);

    /// <summary>The union of ranges in any order.</summary>
    public static CodePointSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        var joined = new List<(int First, int Last)>();
        foreach ((int first, int last) in ranges.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && first <= joined[^1].Last + 1) joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, last));
            else joined.Add((first, last));
        }

        return new CodePointSet([.. joined]);
    }

    public CodePointSet Or(CodePointSet other) => Of(Ranges.Concat(other.Ranges));

    public CodePointSet And(CodePointSet other) => Not().Or(other.Not()).Not();

    public CodePointSet Not()
    {
        var gaps = new List<(int, int)>();
        int next = 0;
        foreach ((int first, int last) in Ranges)
        {
            if (first > next) gaps.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= Maximum) gaps.Add((next, Maximum));
        return new CodePointSet([.. gaps]);
    }

    public bool Contains(int codePoint)
    {
        int low = 0, high = Ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (codePoint < Ranges[middle].First) high = middle - 1;
            else if (codePoint > Ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }
}
