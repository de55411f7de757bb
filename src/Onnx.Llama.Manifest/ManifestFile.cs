using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Onnx.Llama.Manifest;

/// <summary>Reads and writes one JSON file of a model folder.</summary>
internal static class ManifestFile
{
    /// <summary>A manifest is kilobytes; more is not one.</summary>
    private const int GreatestLength = 16 << 20;

    public static T Read<T>(string folder, string name, JsonTypeInfo<T> type)
    {
        string file = Path.Combine(folder, name);
        try
        {
            long length = new FileInfo(file).Length;
            if (length > GreatestLength) throw new ManifestException(file, $"is {length} bytes; expected at most {GreatestLength}.");
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file), type)
                ?? throw new ManifestException(file, "is null; expected an object.");
        }
        catch (FileNotFoundException fault)
        {
            throw new ManifestException(file, "is missing; a model folder needs it. Convert the checkpoint again, or give the folder that holds it.", fault);
        }
        catch (JsonException fault)
        {
            throw new ManifestException(file, $"cannot be read: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException(file, $"cannot be read: {fault.Message}", fault);
        }
    }

    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return [.. json, (byte)'\n'];
    }
}
