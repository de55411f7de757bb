using System.Text;

namespace Onnx.Llama.Text.Tests.Tokenization.Fixtures;

/// <summary>GPT-2's alphabet of bytes, written down again for the tests: <c>bytes_to_unicode</c> of openai/gpt-2.</summary>
internal static class Alphabet
{
    private static readonly char[] s_symbols = Make();

    public static IEnumerable<char> All => s_symbols;

    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(value => s_symbols[value]));

    private static char[] Make()
    {
        int[] visible = [.. Enumerable.Range('!', '~' - '!' + 1), .. Enumerable.Range(0xA1, 0xAC - 0xA1 + 1), .. Enumerable.Range(0xAE, 0xFF - 0xAE + 1)];
        var symbols = new char[256];
        foreach (int value in visible) symbols[value] = (char)value;
        int next = 256;
        foreach (int value in Enumerable.Range(0, 256).Except(visible)) symbols[value] = (char)next++;
        return symbols;
    }
}
