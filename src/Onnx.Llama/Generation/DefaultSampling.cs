using System.Text.Json;
using Onnx.Llama.Manifest;
using Onnx.Llama.Sampling;

namespace Onnx.Llama.Generation;

/// <summary>How a model folder wants to be sampled: by generation_config.json, else by genai_config.json.</summary>
internal static class DefaultSampling
{
    private const int GreatestLength = 1 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="ModelException">The file cannot be read, or a number is outside its range.</exception>
    public static SamplingOptions Read(string folder, GenAiSearch search)
    {
        string file = Path.Combine(folder, GenerationConfig.FileName);
        GenerationConfig config = File.Exists(file)
            ? Load(file)
            : new GenerationConfig { DoSample = search.DoSample, Temperature = search.Temperature, TopK = search.TopK, TopP = search.TopP };
        try
        {
            return config.ToSampling();
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new ModelException(file, $"{fault.ParamName} is {fault.ActualValue}", "a number in its range", "Correct the file.", fault);
        }
    }

    private static GenerationConfig Load(string file)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length > GreatestLength) throw new ModelException(file, $"is {length} bytes", $"at most {GreatestLength}");
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), GenerationConfigJson.Default.GenerationConfig) ?? new GenerationConfig();
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(file, $"cannot be read ({fault.Message})", "a JSON object", "Correct the file, or remove it.", fault);
        }
    }
}
