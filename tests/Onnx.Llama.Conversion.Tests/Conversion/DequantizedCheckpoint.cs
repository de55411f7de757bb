using System.Globalization;
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
        Dictionary<string, BlockFormat> quantised = Quantised(source, recipe);
        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in ReferenceTensors.ReadFolder(source))
        {
            float[] values = tensor.Floats();
            if (quantised.TryGetValue(name, out BlockFormat format)) Round(format, values, tensor.Shape[^1]);
            writer.Add(name, [.. tensor.Shape.Select(size => (long)size)], values);
        }

        writer.Save(Path.Combine(output, "model.safetensors"));
    }

    /// <summary>The matrices that the recipe's graph has in blocks, as the plan says it.</summary>
    private static Dictionary<string, BlockFormat> Quantised(string source, PrecisionRecipe recipe)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = recipe, Threads = 1 });
        return plan.Tensors.Where(tensor => tensor.Form.StartsWith("int", StringComparison.Ordinal))
            .SelectMany(stored => stored.Sources.Select(tensor => (tensor.Name, Format: FormatOf(stored.Form))))
            .Distinct()
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Format, StringComparer.Ordinal);
    }

    /// <summary>"int4-asym, blocks of 64".</summary>
    private static BlockFormat FormatOf(string form)
    {
        string[] parts = form.Split(", blocks of ");
        Assert.Contains(parts[0], (string[])["int4", "int4-asym", "int8"]);
        return new BlockFormat(parts[0][3] - '0', int.Parse(parts[1], CultureInfo.InvariantCulture), isSymmetric: parts[0].Length == 4);
    }

    /// <summary>Quantises rows and dequantises them in place.</summary>
    public static void Round(BlockFormat format, float[] values, int columns)
    {
        int rows = values.Length / columns;
        byte[] codes = new byte[rows * format.RowBytes(columns)];
        float[] scales = new float[rows * format.RowScales(columns)];
        byte[] zeroPoints = new byte[format.IsSymmetric ? 0 : rows * format.RowZeroPointBytes(columns)];
        BlockQuantizer.QuantizeRows(format, values, columns, codes, scales, zeroPoints);
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, values, zeroPoints);
    }
}
