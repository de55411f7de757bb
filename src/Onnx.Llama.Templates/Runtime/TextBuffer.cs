namespace Onnx.Llama.Templates.Runtime;

/// <summary>The output. What a macro or a set block prints is written behind it and then taken off again.</summary>
internal sealed class TextBuffer(int maxLength)
{
    private char[] _units = new char[Math.Min(1024, maxLength)];

    /// <summary>In UTF-16 units.</summary>
    public int Length { get; private set; }

    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > maxLength - Length) throw TemplateFault.Limit($"an output of more than {maxLength} characters");
        if (Length + text.Length > _units.Length) Array.Resize(ref _units, (int)Math.Min(maxLength, Math.Max(2L * _units.Length, Length + text.Length)));
        text.CopyTo(_units.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>The text from here on, which is taken off.</summary>
    public string CutFrom(int start)
    {
        string text = TextFrom(start);
        Length = start;
        return text;
    }

    public string TextFrom(int start) => new(_units, start, Length - start);
}
