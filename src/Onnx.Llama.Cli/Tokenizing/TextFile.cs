using System.Text;
using Onnx.Llama.Cli.CommandLine;

namespace Onnx.Llama.Cli.Tokenizing;

/// <summary>Text files that the user gives: UTF-8, and nothing else.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole text; a byte-order mark at its beginning is part of it.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not UTF-8.</exception>
    public static string Read(string file) => Read(file, () => File.ReadAllBytes(file));

    /// <summary>The whole of standard input, as strictly as a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is not UTF-8.</exception>
    public static string ReadStandardInput() => Read("standard input", () =>
    {
        using Stream input = Console.OpenStandardInput();
        using MemoryStream bytes = new();
        input.CopyTo(bytes);
        return bytes.ToArray();
    });

    /// <summary>Its lines, without line ends; an empty last one is none.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        string[] lines = Read(file).Split('\n');
        return lines.Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length).Select(line => line.TrimEnd('\r'));
    }

    private static string Read(string name, Func<byte[]> read)
    {
        try
        {
            return s_strict.GetString(read());
        }
        catch (DecoderFallbackException fault)
        {
            throw new InputException(name, FormattableString.Invariant($"byte {fault.Index} is not UTF-8; expected a UTF-8 text."));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(name, $"cannot be read: {fault.Message}");
        }
    }
}
