using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Onnx.Llama.Manifest;

/// <summary>Reads and writes one JSON file of a model folder.</summary>
internal static class ManifestFile
{
    /// <summary>A manifest is kilobytes; more is not one.</summary>
    private const int GreatestLength = 16 << 20;

    private const string Advice = "Convert the checkpoint again, or give the folder that holds the converted model.";

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="ManifestException">It is missing, empty, too long or cannot be read.</exception>
    public static byte[] ReadBytes(string file)
    {
        try
        {
            // Asked before the file is opened: opening a named pipe, whose length is 0, would wait for ever. A link's own length is that of its target's name.
            long length = ((FileInfo)(File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file))).Length;
            if (length == 0) throw new ManifestException(file, $"is empty; expected JSON. {Advice}");
            if (length <= GreatestLength) return File.ReadAllBytes(file);
            throw new ManifestException(file, string.Create(CultureInfo.InvariantCulture, $"is {length} bytes; expected at most {GreatestLength}. {Advice}"));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ManifestException(file, $"is missing; expected it in a model's folder. {Advice}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException(file, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The record that the bytes spell; a byte-order mark is passed over.</summary>
    /// <exception cref="ManifestException">They are not JSON, lack a field or have one of another kind.</exception>
    public static T Parse<T>(string file, ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        try
        {
            return JsonSerializer.Deserialize(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes, type)
                ?? throw new ManifestException(file, $"is null; expected an object. {Advice}");
        }
        catch (JsonException fault)
        {
            throw new ManifestException(file, $"cannot be used: {fault.Message} {Advice}", fault);
        }
    }

    /// <summary>Refuses a list with a null in it, which no annotation does.</summary>
    /// <exception cref="ManifestException">It has one.</exception>
    public static void RefuseNull<T>(string file, string key, IReadOnlyList<T> list) where T : class
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is null) throw new ManifestException(file, string.Create(CultureInfo.InvariantCulture, $"{key}[{i}] is null; expected an object. {Advice}"));
        }
    }

    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return [.. json, (byte)'\n'];
    }
}
