using System.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// Where a long word of a SentencePiece-style model can be cut without changing its tokens: before U+2581 (the mark of a space) where no merge can join it to
/// the character before. Such models have no pre-tokenizer that splits, so a whole text is one word; cut, each of its words can be found in the cache.
/// </summary>
internal sealed class WordCutter
{
    private const char SpaceMark = '\u2581';
    private readonly bool[] _joins = new bool[0x10000];

    /// <summary>Records a merge's product (UTF-8): a character that stands before a space mark inside it can be joined to one.</summary>
    public void Observe(ReadOnlySpan<byte> product)
    {
        Span<char> units = stackalloc char[2];
        for (int i = 1; i < product.Length; i++)
        {
            int mark = product[i..].IndexOf("\u2581"u8);
            if (mark < 0) return;
            i += mark;
            Rune.DecodeLastFromUtf8(product[..i], out Rune before, out _);
            _joins[units[before.EncodeToUtf16(units) - 1]] = true;
        }
    }

    /// <summary>
    /// Whether merges see the text's characters: not where they join tokens that stand for other text, as <c>&lt;unk&gt;</c> and <c>&lt;0x0A&gt;</c> do, or where
    /// unknown characters vanish and their neighbours meet.
    /// </summary>
    public static bool Fits(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        if (options.IgnoreMerges || options.UnknownPiece is null || vocabulary.Find([SpaceMark]) < 0) return false;
        var stands = new HashSet<int> { vocabulary.Find(options.UnknownPiece) };
        for (int value = 0; options.ByteFallback && value < 256; value++) stands.Add(vocabulary.Find($"<0x{value:X2}>"));
        stands.Remove(-1);
        return !merges.UsesAny(stands);
    }

    /// <summary>The end of the part that begins at <paramref name="start"/>: the next cut, or the text's end.</summary>
    public int NextCut(ReadOnlySpan<char> text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            int mark = text[i..].IndexOf(SpaceMark);
            if (mark < 0) break;
            i += mark;
            if (text[i - 1] != SpaceMark && !_joins[text[i - 1]]) return i;
        }

        return text.Length;
    }
}
