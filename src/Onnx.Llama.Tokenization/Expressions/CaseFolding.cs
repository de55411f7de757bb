using System.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>Which characters are equal where case does not count: simple case folding of Unicode.</summary>
internal static class CaseFolding
{
    private static readonly Lazy<ILookup<int, int>> s_equals = new(() => Cased().ToLookup(Key));

    /// <summary>A set with everything that equals one of its members.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var added = new List<(int, int)>();
        foreach (IGrouping<int, int> group in s_equals.Value)
        {
            if (group.Any(set.Contains)) added.AddRange(group.Select(codePoint => (codePoint, codePoint)));
        }

        return added.Count == 0 ? set : set.Or(CodePointSet.Of(added));
    }

    private static IEnumerable<int> Cased()
    {
        for (int codePoint = 0; codePoint <= 0x1FFFF; codePoint++)
        {
            if (Rune.IsValid(codePoint) && (Key(codePoint) != codePoint || Rune.ToUpperInvariant(new Rune(codePoint)).Value != codePoint)) yield return codePoint;
        }
    }

    // .NET leaves some characters alone that Unicode folds to another block.
    private static int Key(int codePoint) => codePoint switch
    {
        0x017F => 's',
        0x212A => 'k',
        0x212B => 0xE5,
        0x2126 => 0x3C9,
        0x1E9E => 0xDF,
        0x0345 or 0x1FBE => 0x3B9,
        _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(codePoint))).Value,
    };
}
