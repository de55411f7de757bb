using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Onnx.Llama.Checkpoints;

/// <summary>Values from files as error messages show them: short, and without control characters, which could act on a terminal.</summary>
internal static class Show
{
    private const int MostCharacters = 120;
    private const int MostSizes = 16;

    /// <summary>A string from a file, cut to a readable length.</summary>
    public static string Text(string text)
    {
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MostCharacters)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else shown.Append(c);
        }

        return text.Length > MostCharacters ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>UTF-8 text from a file, cut to a readable length.</summary>
    public static string Text(ReadOnlySpan<byte> utf8) => Text(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * MostCharacters)]));

    /// <summary>A shape: <c>[2048, 2048]</c>.</summary>
    public static string Shape(ImmutableArray<long> shape)
    {
        string sizes = string.Join(", ", shape.Take(MostSizes));
        return shape.Length > MostSizes ? $"[{sizes}, … {shape.Length} sizes]" : $"[{sizes}]";
    }

    /// <summary>A list of names, at most this many of them.</summary>
    public static string Names(IReadOnlyCollection<string> names, int most)
    {
        string shown = string.Join(", ", names.Take(most).Select(Text));
        return names.Count > most ? $"{shown} and {names.Count - most} more" : shown;
    }
}
