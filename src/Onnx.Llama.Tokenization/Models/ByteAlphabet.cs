using System.Text;

namespace Onnx.Llama.Tokenization.Models;

/// <summary>
/// GPT-2's alphabet (<c>bytes_to_unicode</c>): each byte as one visible character, so that a byte-level vocabulary can be written as text. Printable
/// Latin-1 stands for itself, the other 68 bytes for U+0100 onwards.
/// </summary>
internal static class ByteAlphabet
{
    private const int AfterLast = 0x144;
    private static readonly char[] s_chars = BuildChars();
    private static readonly short[] s_bytes = BuildBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char CharOf(byte value) => s_chars[value];

    /// <summary>The byte a character stands for, or -1.</summary>
    public static int ByteOf(char character) => character < AfterLast ? s_bytes[character] : -1;

    /// <summary>Writes bytes as the UTF-8 text of their characters, at most two bytes each; returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> utf8)
    {
        int length = 0;
        foreach (byte value in bytes) length += new Rune(s_chars[value]).EncodeToUtf8(utf8[length..]);
        return length;
    }

    private static char[] BuildChars()
    {
        var chars = new char[256];
        int hidden = 0;
        for (int value = 0; value < 256; value++)
        {
            bool visible = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            chars[value] = visible ? (char)value : (char)(256 + hidden++);
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[AfterLast];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++) bytes[s_chars[value]] = (short)value;
        return bytes;
    }
}
