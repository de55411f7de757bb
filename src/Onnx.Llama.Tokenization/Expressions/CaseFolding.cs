using System.Text;

namespace Onnx.Llama.Tokenization.Expressions;

/// <summary>Which characters are equal where case does not count: simple case folding of Unicode.</summary>
internal static class CaseFolding
{
    private static readonly Lazy<ILookup<int, int>> s_equals = new(() => Cased().ToLookup(Key));

    /// <summary>Characters that fold to several (CaseFolding.txt, status F), as the sharp s does.</summary>
    private static readonly CodePointSet s_foldToSeveral = CodePointSet.Of(
    [
        (0xDF, 0xDF), (0x130, 0x130), (0x149, 0x149), (0x1F0, 0x1F0), (0x390, 0x390), (0x3B0, 0x3B0), (0x587, 0x587), (0x1E96, 0x1E9A), (0x1E9E, 0x1E9E),
        (0x1F50, 0x1F50), (0x1F52, 0x1F52), (0x1F54, 0x1F54), (0x1F56, 0x1F56), (0x1F80, 0x1FAF), (0x1FB2, 0x1FB4), (0x1FB6, 0x1FB7), (0x1FBC, 0x1FBC),
        (0x1FC2, 0x1FC4), (0x1FC6, 0x1FC7), (0x1FCC, 0x1FCC), (0x1FD2, 0x1FD3), (0x1FD6, 0x1FD7), (0x1FE2, 0x1FE4), (0x1FE6, 0x1FE7), (0x1FF2, 0x1FF4),
        (0x1FF6, 0x1FF7), (0x1FFC, 0x1FFC), (0xFB00, 0xFB06), (0xFB13, 0xFB17),
    ]);

    /// <summary>The other characters that end what some character folds to: marks, iota.</summary>
    private static readonly CodePointSet s_endOfSeveral = CodePointSet.Of(
        [(0x2BE, 0x2BE), (0x307, 0x308), (0x30A, 0x30A), (0x30C, 0x30C), (0x313, 0x313), (0x331, 0x331), (0x342, 0x342), (0x3B9, 0x3B9)]);

    private static readonly (int First, int Second)[] s_several =
    [
        ('s', 's'), ('s', 't'), ('f', 'f'), ('f', 'i'), ('f', 'l'), (0x2BC, 'n'), (0x565, 0x582), (0x574, 0x576), (0x574, 0x565), (0x574, 0x56B), (0x57E, 0x576), (0x574, 0x56D),
    ];

    /// <summary>
    /// Whether one of these characters equals several others, or any two of them one after the other may equal a single one: Oniguruma matches <c>ss</c> by the
    /// sharp s and the other way round, which a translation character by character cannot.
    /// </summary>
    public static bool FoldsToSeveral(CodePointSet set) => !set.And(s_foldToSeveral).IsEmpty;

    /// <inheritdoc cref="FoldsToSeveral(CodePointSet)"/>
    public static bool FoldsToSeveral(CodePointSet first, CodePointSet second) =>
        !second.And(s_endOfSeveral).IsEmpty || Array.Exists(s_several, pair => first.Contains(pair.First) && second.Contains(pair.Second));

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
