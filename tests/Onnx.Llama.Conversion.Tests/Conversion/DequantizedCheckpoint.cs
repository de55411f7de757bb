using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Quantization;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Conversion;

/// <summary>A checkpoint whose matrices are what a recipe makes of another's: quantised and dequantised again, stored as float32.</summary>
internal static class DequantizedCheckpoint
{
    public static void Write(string source, string output, PrecisionRecipe recipe)
    {
        Directory.CreateDirectory(output);
        File.Copy(Path.Combine(source, "config.json"), Path.Combine(output, "config.json"));
        HashSet<string> quantised = [.. Quantised(source, recipe)];
        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in ReferenceTensors.ReadFolder(source))
        {
            float[] values = tensor.Floats();
            bool isEnd = name.Contains("embed_tokens", StringComparison.Ordinal) || name.Contains("lm_head", StringComparison.Ordinal);
            if (quantised.Contains(name) && (isEnd ? recipe.Head : recipe.Layers) is WeightFormat.Blocks(BlockFormat format))
            {
                Round(format, values, tensor.Shape[^1]);
            }

            writer.Add(name, [.. tensor.Shape.Select(size => (long)size)], values);
        }

        writer.Save(Path.Combine(output, "model.safetensors"));
    }

    /// <summary>The matrices that the recipe's graph has in blocks.</summary>
    private static IEnumerable<string> Quantised(string source, PrecisionRecipe recipe)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = recipe, Threads = 1 });
        return [.. plan.Tensors.Where(tensor => tensor.Form.StartsWith("int", StringComparison.Ordinal)).SelectMany(tensor => tensor.Sources).Select(tensor => tensor.Name)];
    }

    private static void Round(BlockFormat format, float[] values, int columns)
    {
        int rows = values.Length / columns;
        byte[] codes = new byte[rows * format.RowBytes(columns)];
        float[] scales = new float[rows * format.RowScales(columns)];
        BlockQuantizer.QuantizeRows(format, values, columns, codes, scales);
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, values);
    }
}
