using Onnx.Llama.Tokenization.Text;

namespace Onnx.Llama.Tokenization.AddedTokens;

/// <summary>Walks over the added tokens of a text, by the rules of Hugging Face's library (<c>added_vocabulary.rs</c>).</summary>
internal ref struct AddedTokenCursor(AddedTokenTrie trie, AddedVocabulary vocabulary, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _scan;
    private int _end;

    /// <summary>The next added token: its id, its place with the white space it takes along, and the text between it and the one before.</summary>
    public bool MoveNext(out int id, out TextRange place, out TextRange gap)
    {
        id = -1;
        place = default;
        while (trie.TryFind(_text, _scan, out int start, out int length, out id))
        {
            AddedToken token = vocabulary.TokenOf(id)!;
            int end = _scan = start + length;
            if (token.SingleWord && (WordChars.EndsWithWord(_text[..start]) || WordChars.StartsWithWord(_text[end..]))) continue;
            if (token.StripLeft) start = Math.Max(_text[..start].TrimEnd().Length, _end);
            if (token.StripRight) end = _text.Length - _text[end..].TrimStart().Length;
            place = new TextRange(start, end);
            gap = new TextRange(_end, Math.Max(_end, start));
            _end = end;
            return true;
        }

        gap = new TextRange(_end, Math.Max(_end, _text.Length));
        return false;
    }
}
