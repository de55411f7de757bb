namespace Onnx.Llama.Kernels.Norms;

/// <summary>Defines the norms: (x - mean) / sqrt(mean of (x - mean)^2 + epsilon) * weight + bias, where RMSNorm takes 0 for the mean.</summary>
internal static unsafe class ScalarNorm
{
    public static void Run(in NormCall call, NormRow row)
    {
        float sum = 0, squares = 0;
        for (int index = 0; index < call.Width; index++)
        {
            float value = row.Input[index];
            if (row.Skip != null)
            {
                value += row.Skip[index];
                if (call.SkipBias != null) value += call.SkipBias[index];
                row.Between[index] = value;
            }

            sum += value;
            squares += value * value;
        }

        float mean = call.Centered ? sum / call.Width : 0;
        if (call.Centered) squares = Deviations(row.Between, call.Width, mean);
        float factor = 1 / MathF.Sqrt((squares / call.Width) + call.Epsilon);
        for (int index = 0; index < call.Width; index++)
        {
            float value = (row.Between[index] - mean) * factor * call.Weight[index];
            row.Output[index] = call.Bias == null ? value : value + call.Bias[index];
        }
    }

    /// <summary>From the deviations themselves: the difference of two large means could fall below 0.</summary>
    private static float Deviations(float* values, int width, float mean)
    {
        float squares = 0;
        for (int index = 0; index < width; index++)
        {
            float deviation = values[index] - mean;
            squares += deviation * deviation;
        }

        return squares;
    }
}
