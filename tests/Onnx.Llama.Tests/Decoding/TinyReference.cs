namespace Onnx.Llama.Tests.Decoding;

/// <summary>The forward pass of a <see cref="TinyModel"/> in plain C#, from its weights and without a cache: every query looks at its window of the whole text.</summary>
internal static class TinyReference
{
    /// <summary>Logits of every position, with all angles times a factor.</summary>
    public static float[][] Logits(TinyModel model, ReadOnlySpan<int> tokens, double factor = 1)
    {
        double[][] states = new double[tokens.Length][];
        for (int i = 0; i < tokens.Length; i++)
        {
            ReadOnlySpan<float> row = model.Weights["embedding"].AsSpan(tokens[i] * TinyModel.Hidden, TinyModel.Hidden);
            states[i] = [.. row.ToArray().Select(value => (double)value)];
        }

        for (int layer = 0; layer < TinyModel.Layers; layer++) Layer(model, layer, states, factor);
        return [.. states.Select(state => Product(model, "head", Norm(model, "final", state)).Select(value => (float)value).ToArray())];
    }

    private static void Layer(TinyModel model, int layer, double[][] states, double factor)
    {
        double[][] rotated = [.. states.Select((state, position) => Rotate(Product(model, $"qkv{layer}", Norm(model, $"before{layer}", state)), factor * position))];
        for (int position = 0; position < states.Length; position++)
        {
            double[] attended = Attend(rotated, position, model.WindowOf(layer) ?? int.MaxValue);
            double[] state = Add(states[position], Product(model, $"out{layer}", attended));
            double[] up = Product(model, $"up{layer}", Norm(model, $"after{layer}", state));
            states[position] = Add(state, Product(model, $"down{layer}", [.. up.Select(value => value / (1 + Math.Exp(-value)))]));
        }
    }

    private static double[] Attend(double[][] rotated, int position, int window)
    {
        double[] result = new double[TinyModel.Heads * TinyModel.HeadDim];
        int first = Math.Max(0, position - window + 1);
        for (int head = 0; head < TinyModel.Heads; head++)
        {
            int key = (TinyModel.Heads + (head / (TinyModel.Heads / TinyModel.KvHeads))) * TinyModel.HeadDim;
            double[] weights = new double[position - first + 1];
            for (int i = 0; i < weights.Length; i++) weights[i] = Dot(rotated[position], head * TinyModel.HeadDim, rotated[first + i], key);
            double greatest = weights.Max();
            for (int i = 0; i < weights.Length; i++) weights[i] = Math.Exp(weights[i] - greatest);
            double sum = weights.Sum();
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<double> value = rotated[first + i].AsSpan(key + (TinyModel.KvHeads * TinyModel.HeadDim), TinyModel.HeadDim);
                for (int d = 0; d < value.Length; d++) result[(head * TinyModel.HeadDim) + d] += weights[i] / sum * value[d];
            }
        }

        return result;
    }

    private static double Dot(double[] query, int queryAt, double[] key, int keyAt)
    {
        double sum = 0;
        for (int d = 0; d < TinyModel.HeadDim; d++) sum += query[queryAt + d] * key[keyAt + d];
        return sum / Math.Sqrt(TinyModel.HeadDim);
    }

    /// <summary>Rotates query and key heads; the values behind them stay.</summary>
    private static double[] Rotate(double[] qkv, double position)
    {
        const int Half = TinyModel.HeadDim / 2;
        for (int head = 0; head < TinyModel.Heads + TinyModel.KvHeads; head++)
        {
            for (int i = 0; i < Half; i++)
            {
                (double sin, double cos) = Math.SinCos(position * Math.Pow(10000, -2.0 * i / TinyModel.HeadDim));
                int at = (head * TinyModel.HeadDim) + i;
                (qkv[at], qkv[at + Half]) = ((qkv[at] * cos) - (qkv[at + Half] * sin), (qkv[at + Half] * cos) + (qkv[at] * sin));
            }
        }

        return qkv;
    }

    private static double[] Norm(TinyModel model, string name, double[] state)
    {
        double scale = 1 / Math.Sqrt(state.Average(value => value * value) + 1e-5);
        float[] gain = model.Weights[name + "_gain"];
        return [.. state.Select((value, i) => value * scale * gain[i])];
    }

    private static double[] Product(TinyModel model, string name, double[] value)
    {
        float[] weight = model.Weights[name + "_weight"];
        double[] result = new double[weight.Length / value.Length];
        for (int row = 0; row < result.Length; row++)
        {
            for (int column = 0; column < value.Length; column++) result[row] += weight[(row * value.Length) + column] * value[column];
        }

        return result;
    }

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
