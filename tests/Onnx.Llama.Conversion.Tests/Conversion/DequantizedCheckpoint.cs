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
        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in ReferenceTensors.ReadFolder(source))
        {
            float[] values = tensor.Floats();
            bool isEnd = name.Contains("embed_tokens", StringComparison.Ordinal) || name.Contains("lm_head", StringComparison.Ordinal);
            if (tensor.Shape.Length >= 2 && !IsKept(name) && (isEnd ? recipe.Head : recipe.Layers) is WeightFormat.Blocks(BlockFormat format))
            {
                Round(format, values, tensor.Shape[^1]);
            }

            writer.Add(name, [.. tensor.Shape.Select(size => (long)size)], values);
        }

        writer.Save(Path.Combine(output, "model.safetensors"));
    }

    /// <summary>Routers, and the matrices of latent attention that are each head's own, stay floating-point numbers.</summary>
    private static bool IsKept(string name) =>
        name.EndsWith(".gate.weight", StringComparison.Ordinal)
        || name.EndsWith(".router.layer.weight", StringComparison.Ordinal)
        || name.EndsWith(".shared_expert_gate.weight", StringComparison.Ordinal)
        || name.EndsWith(".kv_b_proj.weight", StringComparison.Ordinal);

    private static void Round(BlockFormat format, float[] values, int columns)
    {
        int rows = values.Length / columns;
        byte[] codes = new byte[rows * format.RowBytes(columns)];
        float[] scales = new float[rows * format.RowScales(columns)];
        BlockQuantizer.QuantizeRows(format, values, columns, codes, scales);
        BlockQuantizer.DequantizeRows(format, codes, scales, columns, values);
    }
}
