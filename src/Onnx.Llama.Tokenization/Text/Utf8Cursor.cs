namespace Onnx.Llama.Tokenization.Text;

/// <summary>Walks over a text by the number of its UTF-8 bytes and says which UTF-16 units they are; a part of a character counts as the whole.</summary>
internal ref struct Utf8Cursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _index;
    private int _left;

    /// <summary>Takes so many bytes.</summary>
    public TextRange Take(int bytes)
    {
        int start = _index;
        while (bytes > 0 && _index < _text.Length)
        {
            int codePoint = Surrogates.CodePointAt(_text, _index, out int width);
            if (_left == 0) _left = BytesOf(codePoint);
            int taken = Math.Min(bytes, _left);
            bytes -= taken;
            _left -= taken;
            if (_left > 0) return new TextRange(start, _index + width);
            _index += width;
        }

        return new TextRange(start, _index);
    }

    private static int BytesOf(int codePoint) => codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}
